import { z } from "zod";
import type { WholesaleAuth } from "./bot-env.ts";
import type { Bots } from "./bots.ts";
import { clockRoutes } from "./console-clock.ts";
import { customerRoutes } from "./console-customers.ts";
import { roomLevers } from "./console-rooms.ts";
import { type Answer, created, NO_CONTENT, ok, readJson, refuse } from "./exchange.ts";
import { FaultSchema } from "./faults.ts";
import type { Person } from "./people.ts";
import type { Routes } from "./routes.ts";
import { SCENARIOS } from "./scenario.ts";
import type { Steps } from "./steps.ts";
import { ParametersSchema } from "./stories.ts";
import { summaryOf } from "./summary.ts";
import type { VirtualTime } from "./virtual-time.ts";
import { type Lint, lintOf } from "./webex-api/draft.ts";
import type { World } from "./world.ts";

export interface ConsoleDeps {
  readonly world: World;
  readonly time: VirtualTime;
  readonly steps: Steps;
  readonly bots: Bots;
  readonly lint: Lint;
  readonly botEnv: (auth: WholesaleAuth) => Readonly<Record<string, string>>;
}

const SCENARIO_NAMES = `There are: ${Object.keys(SCENARIOS).join(", ")}.`;
const BotOrderSchema = z.object({ action: z.enum(["start", "stop", "kill"]) });

/** The levers of the sandbox: what the page uses, and any other program may. */
export function consoleRoutes(deps: ConsoleDeps): Routes<undefined> {
  const { world, steps } = deps;
  return {
    "GET /sandbox/people": () => ok(world.people.all.map(presentPerson)),
    "GET /sandbox/ready": () => {
      const reason = deps.bots.missing();
      return reason === undefined ? ok({ ready: true }) : { status: 503, json: { ready: false, reason } };
    },
    "GET /sandbox/bot-env": ({ query }) =>
      ok(deps.botEnv(query.get("wholesale") === "refresh" ? "refresh" : "token")),
    "GET /sandbox/world": () => ok(summaryOf(world, steps)),
    "GET /sandbox/seeing": () => ok(world.seeing()),
    "GET /sandbox/messages/:id/lint": ({ id }) => {
      const message = world.timeline.message(id);
      if (!message) throw refuse(404, "The message could not be found.");
      return ok({ findings: lintOf(message, deps.lint) });
    },
    "GET /sandbox/scenarios": () =>
      ok(Object.entries(SCENARIOS).map(([name, { description }]) => ({ name, description }))),
    "POST /sandbox/scenarios/:id": async (ask) => {
      const scenario = Object.hasOwn(SCENARIOS, ask.id) ? SCENARIOS[ask.id] : undefined;
      if (!scenario) throw refuse(404, `No scenario is called "${ask.id}". ${SCENARIO_NAMES}`);
      const changed = await scenario.run({ world, steps }, readJson(ask, ParametersSchema));
      return ok({ name: ask.id, changed });
    },
    "GET /sandbox/faults": () => ok(world.faults.list()),
    "POST /sandbox/faults": (ask) => created(world.faults.add(readJson(ask, FaultSchema))),
    "DELETE /sandbox/faults": () => cleared(() => world.faults.clear()),
    "DELETE /sandbox/faults/:id": ({ id }) => cleared(() => world.faults.clear(id)),
    "GET /sandbox/calls": () => ok(world.calls.report()),
    "DELETE /sandbox/calls": () => cleared(() => world.calls.clear()),
    "POST /sandbox/bot": (ask) => orderBot(deps, readJson(ask, BotOrderSchema).action),
    ...clockRoutes(deps.time, deps.bots),
    ...customerRoutes(world),
    ...roomLevers(world),
  };
}

function cleared(clear: () => void): Answer {
  clear();
  return NO_CONTENT;
}

const presentPerson = ({ id, role, displayName, email, orgId, token }: Person) => ({
  role,
  displayName,
  email,
  personId: id,
  orgId,
  token,
});

async function orderBot({ bots }: ConsoleDeps, action: "start" | "stop" | "kill"): Promise<Answer> {
  const control = bots.control();
  if (!control) throw refuse(409, "The sandbox did not start this bot, so it cannot start or stop it.");
  await control[action]();
  return ok(bots.state());
}
