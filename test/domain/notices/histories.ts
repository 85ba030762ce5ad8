import fc from "fast-check";
import { begin, CUSTOMERS, ITEMS, ROOMS, type Run, step } from "./steps.ts";

/** Random histories: all that may happen, what often happens in a row, and what comes at a bad moment. */

const one = (...all: readonly string[]) => fc.constantFrom(...all);
const words = (...parts: readonly fc.Arbitrary<string>[]) => fc.tuple(...parts).map((all) => all.join(" "));
const alone = (event: fc.Arbitrary<string>) => event.map((only) => [only]);

const room = one(...ROOMS);
/** One package fails more often than all the others together, so that it also fails again. */
const others = fc.tuple(one(...CUSTOMERS), one(...ITEMS)).map((pair) => pair.join("."));
const item = fc.oneof({ weight: 2, arbitrary: one("acme.calling") }, { weight: 1, arbitrary: others });
const everybody = ROOMS.map((name) => `${name} delivers`);

const world: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: words(item, one("error", "error", "provisioned", "updating", "deleting", "gone")) },
  { weight: 1, arbitrary: one("acme gone", "bolt gone", "crowd error", "crowd provisioned") },
);
const seeing = one(
  "sweep",
  "look",
  "look",
  "look-up",
  "suspect sweep",
  "sweep breaks off",
  "look breaks off",
);
const asking = words(
  room,
  one("mutes acme", "mutes all", "unmutes", "acks", "watches all", "watches acme", "unwatches"),
);
const sending = words(room, one("claims", "claims", "posts", "commits"));
const faults = fc.oneof(
  { weight: 4, arbitrary: words(room, one("loses the answer", "gets 429", "gets 500", "gets 400")) },
  { weight: 2, arbitrary: one("crash") },
  { weight: 1, arbitrary: one("refused", "+20m", "+3h") },
);

const fails = (id: string) => [`${id} error`, "look", "+1m"];
const recovers = (id: string) => [`${id} provisioned`, "look", "+1m", "look"];
const blips = (id: string) => [...fails(id), ...recovers(id)];

/** What happens in a row, mostly. */
const rows: fc.Arbitrary<readonly string[]> = fc.oneof(
  { weight: 8, arbitrary: fc.constant(["+5m", "sweep", ...everybody]) },
  { weight: 3, arbitrary: item.map((id) => [...fails(id), ...everybody]) },
  { weight: 3, arbitrary: item.map((id) => [...recovers(id), ...everybody]) },
  { weight: 3, arbitrary: item.map((id) => [`${id} updating`, "look", "+1m", ...fails(id), ...everybody]) },
  { weight: 3, arbitrary: item.map((id) => [...blips(id), "+5m", "sweep", ...everybody]) },
  { weight: 1, arbitrary: fc.constant([...blips("acme.calling"), ...blips("acme.calling"), ...everybody]) },
  { weight: 2, arbitrary: fc.constant(["sweep", "+5m", "sweep", "look-up", ...everybody]) },
  { weight: 1, arbitrary: room.map((name) => [`${name} claims`, `${name} posts`, "crash"]) },
);

const happenings = fc.oneof(
  { weight: 12, arbitrary: rows },
  { weight: 4, arbitrary: alone(world) },
  { weight: 3, arbitrary: alone(seeing) },
  { weight: 3, arbitrary: alone(one("+1m", "+1m", "+6m")) },
  { weight: 2, arbitrary: alone(asking) },
  { weight: 3, arbitrary: alone(sending) },
  { weight: 2, arbitrary: alone(faults) },
);

/** Most begin in spaces that have been told of all that there was. */
const beginnings = fc.oneof(
  { weight: 1, arbitrary: fc.constant<readonly string[]>([]) },
  { weight: 4, arbitrary: fc.constant<readonly string[]>(["sweep", ...everybody]) },
);

export const histories = fc
  .tuple(beginnings, fc.array(happenings, { maxLength: 40, size: "max" }))
  .map(([first, then]) => [first, ...then].flat());

/** The run at the beginning, and after each event. */
export function runsOf(events: readonly string[]): readonly Run[] {
  let run = begin();
  return [run, ...events.map((event) => (run = step(run, event)))];
}

/** The world stands still, nothing fails, and everybody is told what there is to tell. More than one message may be due. */
const told = [...everybody, ...everybody, ...everybody];
export const CALM: readonly string[] = [
  "crash",
  ...told,
  ...Array.from({ length: 16 }, () => ["+5m", "sweep", "look-up", ...told]).flat(),
];

/** What every history comes to. */
export function atRest(run: Run = begin()): Run {
  return CALM.reduce(step, run);
}
