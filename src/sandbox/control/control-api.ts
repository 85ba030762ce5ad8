import { z } from "zod";
import { parseDuration } from "../../domain/duration.ts";
import type { WholesaleAuth } from "../bot/bot-env.ts";
import type { BotStatus } from "../bot/bot-status.ts";
import type { VirtualTime } from "../clock/virtual-time.ts";
import { created, type HttpResponse, httpError, NO_CONTENT, ok, readJson } from "../http/http-messages.ts";
import type { Routes } from "../http/router.ts";
import type { ScenarioRunner } from "../scenarios/scenario-runner.ts";
import { ScenarioParametersSchema } from "../scenarios/scenario-steps.ts";
import { SCENARIOS } from "../scenarios/scenarios.ts";
import type { DeviceSockets } from "../webex/devices/device-sockets.ts";
import { type LintCard, lintMessage } from "../webex/message-draft.ts";
import { BehaviourChangeSchema } from "../world/behaviour.ts";
import { FaultSchema } from "../world/faults.ts";
import type { Person } from "../world/people.ts";
import { SAMPLE_ERRORS } from "../world/sample-data.ts";
import { StatusEventSchema } from "../world/status-page.ts";
import { CLUSTERS, clusterOf } from "../world/webex-ids.ts";
import type { Room } from "../world/webex-records.ts";
import type { World } from "../world/world.ts";
import { customerRoutes } from "./customer-routes.ts";
import { deviceControlRoutes } from "./device-control-routes.ts";

export interface ControlApiDeps {
  readonly world: World;
  readonly time: VirtualTime;
  readonly scenarioRunner: ScenarioRunner;
  readonly botStatus: BotStatus;
  readonly sockets: DeviceSockets;
  readonly lint: LintCard;
  readonly botEnv: (auth: WholesaleAuth) => Readonly<Record<string, string>>;
}

const SCENARIO_NAMES = `There are: ${Object.keys(SCENARIOS).join(", ")}.`;
const BotActionSchema = z.object({ action: z.enum(["start", "stop", "kill"]) });

/** The control API of the sandbox, for the page and for other programs. */
export function controlRoutes(deps: ControlApiDeps): Routes<undefined> {
  const { world, scenarioRunner } = deps;
  return {
    "GET /sandbox/people": () => ok(world.people.all.map(personWithToken)),
    "GET /sandbox/ready": () => {
      const reason = deps.botStatus.notReadyReason();
      return reason === undefined ? ok({ ready: true }) : { status: 503, json: { ready: false, reason } };
    },
    "GET /sandbox/bot-env": ({ query }) => {
      const env = deps.botEnv(query.get("wholesale") === "refresh" ? "refresh" : "token");
      return query.get("format") === "env" ? envFile(env) : ok(env);
    },
    "GET /sandbox/world": () => ok(worldSummary(world, scenarioRunner)),
    "GET /sandbox/seeing": () => ok(world.botActivity()),
    "GET /sandbox/messages/:id/lint": ({ id }) => {
      const message = world.messages.message(id);
      if (!message) throw httpError(404, "The message could not be found.");
      return ok({ findings: lintMessage(message, deps.lint) });
    },
    "GET /sandbox/errors": () => ok(SAMPLE_ERRORS),
    "GET /sandbox/scenarios": () =>
      ok(Object.entries(SCENARIOS).map(([name, { title, description }]) => ({ name, title, description }))),
    "POST /sandbox/scenarios/:id": async (ask) => {
      const scenario = Object.hasOwn(SCENARIOS, ask.id) ? SCENARIOS[ask.id] : undefined;
      if (!scenario) throw httpError(404, `No scenario is called "${ask.id}". ${SCENARIO_NAMES}`);
      const changed = await scenario.run({ world, runner: scenarioRunner }, readJson(ask, ScenarioParametersSchema));
      return ok({ name: ask.id, changed });
    },
    "GET /sandbox/faults": () => ok(world.faults.list()),
    "POST /sandbox/faults": (ask) => created(world.faults.add(readJson(ask, FaultSchema))),
    "DELETE /sandbox/faults": () => noContentAfter(() => world.faults.clear()),
    "DELETE /sandbox/faults/:id": ({ id }) => noContentAfter(() => world.faults.clear(id)),
    ...behaviourRoutes(world),
    "GET /sandbox/status": () => ok(world.statusPage.list()),
    "POST /sandbox/status": (ask) => created(world.statusPage.add(readJson(ask, StatusEventSchema))),
    "DELETE /sandbox/status": () => noContentAfter(() => world.statusPage.clear()),
    "GET /sandbox/status/index.json": () => ok(world.statusPage.document()),
    "GET /sandbox/calls": () => ok(world.calls.report()),
    "DELETE /sandbox/calls": () => noContentAfter(() => world.calls.clear()),
    "POST /sandbox/bot": (ask) => runBotAction(deps, readJson(ask, BotActionSchema).action),
    ...clockRoutes(deps.time, deps.botStatus),
    ...customerRoutes(world),
    ...roomControlRoutes(world),
    ...deviceControlRoutes(world, deps.sockets),
  };
}

/** Reads and changes what the sources about the APIs leave open. */
function behaviourRoutes({ behaviour }: World): Routes<undefined> {
  return {
    "GET /sandbox/behaviour": () => ok(behaviour.now()),
    "POST /sandbox/behaviour": (ask) => {
      behaviour.change(readJson(ask, BehaviourChangeSchema));
      return ok(behaviour.now());
    },
    "DELETE /sandbox/behaviour": () => noContentAfter(() => behaviour.reset()),
  };
}

/** For `node --env-file` and `npm run doctor -- --env`. */
function envFile(env: Readonly<Record<string, string>>): HttpResponse {
  const lines = Object.entries(env).map(([name, value]) => `${name}=${value}\n`);
  return { status: 200, headers: { "content-type": "text/plain; charset=utf-8" }, bytes: Buffer.from(lines.join("")) };
}

function noContentAfter(clear: () => void): HttpResponse {
  clear();
  return NO_CONTENT;
}

const personWithToken = ({ id, role, displayName, email, orgId, token, tokenWithOrg }: Person) => ({
  role,
  displayName,
  email,
  personId: id,
  orgId,
  token,
  tokenWithOrg,
});

async function runBotAction({ botStatus }: ControlApiDeps, action: "start" | "stop" | "kill"): Promise<HttpResponse> {
  const control = botStatus.control();
  if (!control) throw httpError(409, "The sandbox did not start this bot, so it cannot start or stop it.");
  await control[action]();
  return ok(botStatus.state());
}

const CLOCK_LIMITS = { speed: 3_600, forwardMs: 366 * 24 * 60 * 60_000 };
const SPEED_ERROR = `must be a number from 0, which stands still, to ${CLOCK_LIMITS.speed}`;
const DURATION_ERROR = "must be a time such as 90s, 5m, 4h or 1d, or a number of milliseconds, up to 366 days";

const durationSchema = z
  .union([z.number(), z.string().transform((text) => parseDuration(text) ?? Number.NaN)], {
    error: DURATION_ERROR,
  })
  .pipe(z.int({ error: DURATION_ERROR }).min(1, DURATION_ERROR).max(CLOCK_LIMITS.forwardMs, DURATION_ERROR));

const ClockChangeSchema = z
  .strictObject({
    speed: z.number({ error: SPEED_ERROR }).min(0, SPEED_ERROR).max(CLOCK_LIMITS.speed, SPEED_ERROR).optional(),
    forward: durationSchema.optional(),
  })
  .refine(({ speed, forward }) => speed !== undefined || forward !== undefined, {
    error: 'must have a speed, such as {"speed": 60}, or an advance, such as {"forward": "4h"}',
  });

/** Reads and changes the clock of the world and of the bot that the sandbox started. Answers once both have the new mode. */
export function clockRoutes(time: VirtualTime, bots: Pick<BotStatus, "setClockMode">): Routes<undefined> {
  return {
    "GET /sandbox/clock": () => ok(clockState(time)),
    "POST /sandbox/clock": async (ask) => {
      const { speed, forward } = readJson(ask, ClockChangeSchema);
      if (forward !== undefined) time.advance(forward);
      if (speed !== undefined) time.setSpeed(speed);
      await bots.setClockMode(time.mode());
      return ok(clockState(time));
    },
  };
}

/** The time of the world in epoch milliseconds, and its speed. */
export const clockState = (time: VirtualTime) => ({ now: time.clock(), speed: time.mode().speed });

const RoleSchema = z.strictObject({
  /** Of several people with this role, the first one who is in the room, or not yet. */
  role: z.enum(["bot", "viewer", "operator", "admin", "outsider"]).default("bot"),
});

/** Where the space is kept from now on. */
const MigrationSchema = z.strictObject({ cluster: z.enum(CLUSTERS).optional() });

/** Changes rooms as the admin, who need not be a member. */
export function roomControlRoutes(world: World): Routes<undefined> {
  const { people, rooms, messages } = world;
  const actorId = people.admin.id;
  return {
    "POST /sandbox/rooms/:id/kick": (ask) => {
      const room = groupOf(world, ask.id);
      const { role } = readJson(ask, RoleSchema);
      const members = people.byRole(role).flatMap(({ id }) => rooms.member(room.id, id) ?? []);
      rooms.leave(firstOrConflict(members, `No ${role} is in the space.`), actorId);
      return NO_CONTENT;
    },
    "POST /sandbox/rooms/:id/invite": (ask) => {
      const room = groupOf(world, ask.id);
      const { role } = readJson(ask, RoleSchema);
      const others = people.byRole(role).filter(({ id }) => !rooms.member(room.id, id));
      return ok(rooms.join(room, firstOrConflict(others, `Every ${role} is in the space already.`), { actorId }));
    },
    "POST /sandbox/rooms/:id/migrate": (ask) => {
      const room = roomOf(world, ask.id);
      const { cluster = clusterOf(ask.id) } = readJson(ask, MigrationSchema);
      const to = world.newId("ROOM", cluster);
      messages.migrate(room.id, to);
      return ok(rooms.migrate(room, to, actorId));
    },
    "DELETE /sandbox/rooms/:id": ({ id }) => {
      rooms.remove(groupOf(world, id), actorId);
      return NO_CONTENT;
    },
  };
}

function roomOf({ rooms }: World, id: string): Room {
  const room = rooms.get(id);
  if (room) return room;
  throw httpError(404, "The space could not be found.");
}

/** Webex does not change the members of a 1:1, and does not delete it. */
function groupOf(world: World, id: string): Room {
  const room = roomOf(world, id);
  if (room.type === "group") return room;
  throw httpError(403, "A 1:1 space cannot be changed.");
}

function firstOrConflict<T>([first]: readonly T[], otherwise: string): T {
  if (first === undefined) throw httpError(409, otherwise);
  return first;
}

export function worldSummary(world: World, scenarioRunner: ScenarioRunner) {
  return {
    customers: world.customers.size(),
    byStatus: world.customers.byStatus(),
    faults: world.faults.list(),
    behaviour: world.behaviour.now(),
    scenarios: scenarioRunner.running(),
  };
}
