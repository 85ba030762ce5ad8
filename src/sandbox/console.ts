import { z } from "zod";
import type { WholesaleAuth } from "./bot-env.ts";
import type { BotStatus } from "./bots.ts";
import { clockRoutes } from "./console-clock.ts";
import { customerRoutes } from "./console-customers.ts";
import { roomControlRoutes } from "./console-rooms.ts";
import { created, type HttpResponse, httpError, NO_CONTENT, ok, readJson } from "./exchange.ts";
import { FaultSchema } from "./faults.ts";
import type { Person } from "./people.ts";
import type { Routes } from "./routes.ts";
import { SCENARIOS } from "./scenario.ts";
import type { ScenarioRunner } from "./steps.ts";
import { ScenarioParametersSchema } from "./stories.ts";
import { worldSummary } from "./summary.ts";
import type { VirtualTime } from "./virtual-time.ts";
import { type LintCard, lintMessage } from "./webex-api/draft.ts";
import type { World } from "./world.ts";

export interface ControlApiDeps {
  readonly world: World;
  readonly time: VirtualTime;
  readonly scenarioRunner: ScenarioRunner;
  readonly botStatus: BotStatus;
  readonly lint: LintCard;
  readonly botEnv: (auth: WholesaleAuth) => Readonly<Record<string, string>>;
}

const SCENARIO_NAMES = `There are: ${Object.keys(SCENARIOS).join(", ")}.`;
const BotActionSchema = z.object({ action: z.enum(["start", "stop", "kill"]) });

/** The levers of the sandbox: what the page uses, and any other program may. */
export function controlRoutes(deps: ControlApiDeps): Routes<undefined> {
  const { world, scenarioRunner } = deps;
  return {
    "GET /sandbox/people": () => ok(world.people.all.map(personWithToken)),
    "GET /sandbox/ready": () => {
      const reason = deps.botStatus.notReadyReason();
      return reason === undefined ? ok({ ready: true }) : { status: 503, json: { ready: false, reason } };
    },
    "GET /sandbox/bot-env": ({ query }) =>
      ok(deps.botEnv(query.get("wholesale") === "refresh" ? "refresh" : "token")),
    "GET /sandbox/world": () => ok(worldSummary(world, scenarioRunner)),
    "GET /sandbox/seeing": () => ok(world.botActivity()),
    "GET /sandbox/messages/:id/lint": ({ id }) => {
      const message = world.messages.message(id);
      if (!message) throw httpError(404, "The message could not be found.");
      return ok({ findings: lintMessage(message, deps.lint) });
    },
    "GET /sandbox/scenarios": () =>
      ok(Object.entries(SCENARIOS).map(([name, { description }]) => ({ name, description }))),
    "POST /sandbox/scenarios/:id": async (ask) => {
      const scenario = Object.hasOwn(SCENARIOS, ask.id) ? SCENARIOS[ask.id] : undefined;
      if (!scenario) throw httpError(404, `No scenario is called "${ask.id}". ${SCENARIO_NAMES}`);
      const changed = await scenario.run(
        { world, runner: scenarioRunner },
        readJson(ask, ScenarioParametersSchema),
      );
      return ok({ name: ask.id, changed });
    },
    "GET /sandbox/faults": () => ok(world.faults.list()),
    "POST /sandbox/faults": (ask) => created(world.faults.add(readJson(ask, FaultSchema))),
    "DELETE /sandbox/faults": () => noContentAfter(() => world.faults.clear()),
    "DELETE /sandbox/faults/:id": ({ id }) => noContentAfter(() => world.faults.clear(id)),
    "GET /sandbox/calls": () => ok(world.calls.report()),
    "DELETE /sandbox/calls": () => noContentAfter(() => world.calls.clear()),
    "POST /sandbox/bot": (ask) => runBotAction(deps, readJson(ask, BotActionSchema).action),
    ...clockRoutes(deps.time, deps.botStatus),
    ...customerRoutes(world),
    ...roomControlRoutes(world),
  };
}

function noContentAfter(clear: () => void): HttpResponse {
  clear();
  return NO_CONTENT;
}

const personWithToken = ({ id, role, displayName, email, orgId, token }: Person) => ({
  role,
  displayName,
  email,
  personId: id,
  orgId,
  token,
});

async function runBotAction(
  { botStatus }: ControlApiDeps,
  action: "start" | "stop" | "kill",
): Promise<HttpResponse> {
  const control = botStatus.control();
  if (!control) throw httpError(409, "The sandbox did not start this bot, so it cannot start or stop it.");
  await control[action]();
  return ok(botStatus.state());
}
