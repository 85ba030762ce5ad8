import fc from "fast-check";
import { applyStep, CUSTOMERS, createRun, ITEMS, ROOMS, type Run } from "./history-steps.ts";

const one = (...all: readonly string[]) => fc.constantFrom(...all);
const words = (...parts: readonly fc.Arbitrary<string>[]) => fc.tuple(...parts).map((all) => all.join(" "));
const alone = (event: fc.Arbitrary<string>) => event.map((only) => [only]);

const room = one(...ROOMS);
/** One package is chosen more often than the others, so that it fails repeatedly. */
const others = fc.tuple(one(...CUSTOMERS), one(...ITEMS)).map((pair) => pair.join("."));
const item = fc.oneof({ weight: 2, arbitrary: one("acme.calling") }, { weight: 1, arbitrary: others });
const deliverToAll = ROOMS.map((name) => `${name} delivers`);

const world: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: words(item, one("error", "error", "provisioned", "updating", "deleting", "gone")) },
  { weight: 1, arbitrary: one("acme gone", "bolt gone", "crowd error", "crowd provisioned") },
);
const observationSteps = one(
  "sweep",
  "quick-poll",
  "quick-poll",
  "lookup",
  "suspect sweep",
  "sweep breaks off",
  "quick poll breaks off",
);
const commandSteps = words(
  room,
  one("mutes acme", "mutes all", "unmutes", "acks", "watches all", "watches acme", "unwatches"),
);
const deliverySteps = words(room, one("claims", "claims", "posts", "commits"));
const faults = fc.oneof(
  { weight: 4, arbitrary: words(room, one("loses the answer", "gets 429", "gets 500", "gets 400")) },
  { weight: 2, arbitrary: one("crash") },
  { weight: 1, arbitrary: one("refused", "+20m", "+3h") },
);

const fails = (id: string) => [`${id} error`, "quick-poll", "+1m"];
const recovers = (id: string) => [`${id} provisioned`, "quick-poll", "+1m", "quick-poll"];
const failsAndRecovers = (id: string) => [...fails(id), ...recovers(id)];

/** Steps that usually come in a row. */
const rows: fc.Arbitrary<readonly string[]> = fc.oneof(
  { weight: 8, arbitrary: fc.constant(["+5m", "sweep", ...deliverToAll]) },
  { weight: 3, arbitrary: item.map((id) => [...fails(id), ...deliverToAll]) },
  { weight: 3, arbitrary: item.map((id) => [...recovers(id), ...deliverToAll]) },
  {
    weight: 3,
    arbitrary: item.map((id) => [`${id} updating`, "quick-poll", "+1m", ...fails(id), ...deliverToAll]),
  },
  { weight: 3, arbitrary: item.map((id) => [...failsAndRecovers(id), "+5m", "sweep", ...deliverToAll]) },
  {
    weight: 1,
    arbitrary: fc.constant([...failsAndRecovers("acme.calling"), ...failsAndRecovers("acme.calling"), ...deliverToAll]),
  },
  { weight: 2, arbitrary: fc.constant(["sweep", "+5m", "sweep", "lookup", ...deliverToAll]) },
  { weight: 1, arbitrary: room.map((name) => [`${name} claims`, `${name} posts`, "crash"]) },
);

const randomSteps = fc.oneof(
  { weight: 12, arbitrary: rows },
  { weight: 4, arbitrary: alone(world) },
  { weight: 3, arbitrary: alone(observationSteps) },
  { weight: 3, arbitrary: alone(one("+1m", "+1m", "+6m")) },
  { weight: 2, arbitrary: alone(commandSteps) },
  { weight: 3, arbitrary: alone(deliverySteps) },
  { weight: 2, arbitrary: alone(faults) },
);

/** Most histories begin after a first sweep and its messages. */
const beginnings = fc.oneof(
  { weight: 1, arbitrary: fc.constant<readonly string[]>([]) },
  { weight: 4, arbitrary: fc.constant<readonly string[]>(["sweep", ...deliverToAll]) },
);

export const histories = fc
  .tuple(beginnings, fc.array(randomSteps, { maxLength: 40, size: "max" }))
  .map(([first, then]) => [first, ...then].flat());

/** The first run, and the run after each event. */
export function statesAfterEach(events: readonly string[]): readonly Run[] {
  let run = createRun();
  return [run, ...events.map((event) => (run = applyStep(run, event)))];
}

/** Nothing changes or fails any more, and all messages are delivered; more than one may be due. */
const deliverAll = [...deliverToAll, ...deliverToAll, ...deliverToAll];
export const QUIET_PERIOD: readonly string[] = [
  "crash",
  ...deliverAll,
  ...Array.from({ length: 16 }, () => ["+5m", "sweep", "lookup", ...deliverAll]).flat(),
];

export function runUntilQuiet(run: Run = createRun()): Run {
  return QUIET_PERIOD.reduce(applyStep, run);
}
