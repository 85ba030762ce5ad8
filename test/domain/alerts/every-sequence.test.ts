import { expect, test } from "vitest";
import { type Alert, isActive } from "../../../src/domain/alerts/alert.ts";
import { activeMute } from "../../../src/domain/alerts/mute.ts";
import { desiredState } from "../../../src/domain/alerts/reconcile.ts";
import { NO_WATCH_OPTIONS } from "../../../src/domain/alerts/watch.ts";
import { HOUR, MINUTE, NO_FILTER } from "../../support/alert-fixtures.ts";
import {
  type AlertModel,
  alertContext,
  type CustomerStatuses,
  createAlertModel,
  notifiedOf,
  queuedFor,
} from "../../support/alert-model.ts";
import { advanceTo, applyCommand } from "../../support/alert-model-commands.ts";
import { deliver, type OutgoingMessage } from "../../support/alert-model-delivery.ts";
import { lookup, observeCrawl, recordFailure } from "../../support/alert-model-observing.ts";
import { propertyRuns } from "../../support/property-runs.ts";

/**
 * All histories of four steps of one package, or of six where properties are tried more often than usual, after Icinga:
 * nothing is left to chance. Those that come to the same go on as one and are counted: seven million of them take seconds.
 */

const LENGTH = propertyRuns(1).numRuns > 1 ? 6 : 4;
const STEP = 5 * MINUTE;

const MOVING: CustomerStatuses = { acme: { calling: "updating" } };
const GOOD: CustomerStatuses = { acme: { calling: "provisioned" } };
const BAD: CustomerStatuses = { acme: { calling: "error" } };
const REFUSED = { cause: "wholesale.unauthorized", refused: true };

/** What one step may bring. The last two tempt the bot to believe what it must not. */
const SIGHTS = {
  absent: (book: AlertModel) => swept(book, {}),
  GOOD: (book: AlertModel) => swept(book, GOOD),
  MOVING: (book: AlertModel) => swept(book, MOVING),
  BAD: (book: AlertModel) => swept(book, BAD),
  /** Two sweeps break off: one before the customer, one behind it, when it was good. */
  incomplete: (book: AlertModel) =>
    observeCrawl(observeCrawl(book, { kind: "sweep", customers: {}, end: "failed" }), {
      kind: "sweep",
      customers: GOOD,
      end: "failed",
    }),
  /** Looks say this and that, and a look-up finds nobody. */
  blind: (book: AlertModel) =>
    lookup(
      [BAD, GOOD, GOOD].reduce(
        (so, customers) => observeCrawl(so, { kind: "quick-poll", customers, end: "complete" }),
        refused(book),
      ),
      {},
    ),
} as const;
type Sight = keyof typeof SIGHTS;

const swept = (book: AlertModel, customers: CustomerStatuses) =>
  lookup(observeCrawl(book, { kind: "sweep", customers, end: "complete" }), customers);
const refused = (book: AlertModel) => advanceTo(recordFailure(book, REFUSED));

/** A history so far. The mute and the acknowledgement come once each, or not at all, and a mute may be ended once. */
interface Path {
  readonly book: AlertModel;
  readonly mute: "none" | "on" | "ended";
  readonly acked: boolean;
  /** The steps of one of those that came to this. */
  readonly trail: string;
  readonly ways: number;
}

/** A space is told as soon as there is something to tell, or when all is over. */
type Pace = "at once" | "in the end";

/** Everything that may come next, and what was wrong in that. */
function next(paths: readonly Path[], pace: Pace): readonly Path[] {
  const after = new Map<string, Path>();
  for (const path of paths) {
    const before = { ...path, book: advanceTo(path.book, path.book.now + STEP) };
    for (const ready of asked(before)) {
      for (const [sight, seen] of Object.entries(SIGHTS)) {
        const trail = `${ready.trail} ${sight}`;
        const book = seen(ready.book);
        expectNone(wrongBelief(ready.book, sight, book), trail);
        const one = { ...ready, trail, book: pace === "at once" ? tellRightly(book, trail) : book };
        const key = keyOf(one);
        after.set(key, { ...one, ways: path.ways + (after.get(key)?.ways ?? 0) });
      }
    }
  }
  return [...after.values()];
}

/** With the mute, its end, the acknowledgement, both, or nothing before the step. */
function asked(path: Path): readonly Path[] {
  const { book, trail } = path;
  const muted: Path[] = [path];
  if (path.mute === "none") muted.push({ ...path, book: mutedNow(book), mute: "on", trail: `${trail} mute` });
  if (path.mute === "on") {
    const loud = applyCommand(book, "hq", { kind: "unmute", number: 1 });
    muted.push({ ...path, book: loud, mute: "ended", trail: `${trail} unmute` });
  }
  return path.acked ? muted : [...muted, ...muted.map(acknowledged)];
}

function mutedNow(book: AlertModel): AlertModel {
  const span = { from: book.now, until: book.now + 6 * HOUR };
  const mute = { filter: NO_FILTER, ...span, because: "works", personId: "olga", by: "Olga" };
  return applyCommand(book, "hq", { kind: "mute", mute });
}

function acknowledged(path: Path): Path {
  const ack = { personId: "olga", name: "Olga", at: 0 };
  const book = applyCommand(path.book, "hq", {
    kind: "ack",
    alerts: path.book.alerts.map(({ id }) => id),
    ack,
  });
  return { ...path, book, acked: true, trail: `${path.trail} ack` };
}

/**
 * All that makes a difference to what may come: how long ago something was, and not when; how much more there is than the
 * space knows of, and not how much.
 */
function keyOf({ book, mute, acked }: Path): string {
  const { now, alerts, snapshot, visibility, outbox } = book;
  const ago = (at = Number.NEGATIVE_INFINITY) => Math.min(now - at, HOUR);
  const essence = (alert: Alert) => {
    const { id, state, reason, flapping } = alert;
    const known = notifiedOf(book, "hq", id);
    return [
      ...[state, reason, alert.retrying, alert.suspended, alert.absentSweeps, alert.reopenedAt.length, !alert.ack],
      flapping && [ago(flapping.changedAt), flapping.unchangedObservations],
      ...[known?.state, alert.generation - (known?.generation ?? 0), alert.failures - (known?.failures ?? 0)],
      outbox.filter(({ alertId }) => alertId === id).map(({ kind }) => kind),
    ];
  };
  // Of those before the last one only what was told of them matters.
  const past = new Set(alerts.slice(0, -1).map((alert) => JSON.stringify(essence(alert))));
  const last = alerts.slice(-1).map((alert) => [essence(alert), alert.state === "closed" && ago(alert.closedAt)]);
  const seeing = [snapshot, ago(visibility.completeAt), visibility.outage !== undefined];
  return JSON.stringify([[...past], last, seeing, mute, acked]);
}

/** c, and ALERTS 11, 14, 31: what must not follow from this. */
function wrongBelief(before: AlertModel, sight: string, after: AlertModel): readonly string[] {
  const changed = after.alerts.filter((alert) => !before.alerts.includes(alert));
  if (sight === "incomplete" || sight === "outage") return changed.map(({ id }) => `${sight} changed ${id}`);
  return changed.flatMap((alert) => {
    const was = before.alerts.find(({ id }) => id === alert.id);
    if (alert.state !== "closed" || was?.state === "closed") return [];
    const isHealed = alert.reason === "recovered" && was?.state === "healing" && sight === "GOOD";
    const isGone = alert.reason === "customer removed" && was?.absentSweeps === 1 && sight === "absent";
    return isHealed || isGone ? [] : [`${was?.state} became ${alert.reason} by ${sight}`];
  });
}

/** Tells the space all that is due, and holds each message against what it was told before. */
function tellRightly(book: AlertModel, trail: string): AlertModel {
  const { book: after, sent } = deliver(book);
  expectNone([...sent.flatMap((sending) => wrongMessage(after, sending)), ...wrongRest(after)], trail);
  return after;
}

/** What a space must believe of an alert before it is told so. */
const SEQUELS: Readonly<Record<string, readonly (string | undefined)[]>> = {
  alert: [undefined],
  retry: ["open"],
  reopen: ["closed"],
  recovery: ["open", "flapping"],
  flapping: ["open", "closed"],
  "flapping-end": ["flapping"],
};

/** b, e, f, and ALERTS 23. */
function wrongMessage(book: AlertModel, { notices, alerts, notified: known }: OutgoingMessage): readonly string[] {
  const mutes = book.rooms.flatMap((room) => room.mutes);
  return notices.flatMap(({ kind, alertId }) => {
    const alert = alerts.find(({ id }) => id === alertId);
    if (alert === undefined) return [];
    const before = known.find((one) => one.alertId === alertId);
    const isMuted = kind !== "recovery" && activeMute(alert, mutes, book.now) !== undefined;
    return [
      ...(SEQUELS[kind]?.includes(before?.state) ? [] : [`${kind} to who believes ${before?.state}`]),
      ...(alert.generation > (before?.generation ?? 0) ? [] : [`${kind} of an old generation`]),
      ...(isMuted ? [`${kind} to who has muted it`] : []),
    ];
  });
}

/** a. */
function wrongRest(book: AlertModel): readonly string[] {
  return book.rooms.flatMap((room) => [
    ...queuedFor(book, room.roomId).map(({ kind }) => `${kind} still waits`),
    ...book.alerts.flatMap((alert) => {
      const desired = desiredState(alertContext(book, alert), room, book.now);
      const state = notifiedOf(book, room.roomId, alert.id)?.state;
      const isRight = state === undefined ? desired !== "open" : desired === "unchanged" || desired === state;
      return isRight ? [] : [`believes ${state} and not ${desired}`];
    }),
  ]);
}

/** Whatever was and is: the space is told, the mute ends, flapping ends, and it still believes what it should. */
function expectRest({ book, trail }: Path): void {
  const now = tellRightly(book, trail);
  let calm = tellRightly(advanceTo(now, now.now + 6 * HOUR), `${trail} (the mute ends)`);
  const still = calm.alerts.some(isActive) ? BAD : GOOD;
  for (let step = 0; step < 7 && calm.alerts.some(({ flapping }) => flapping); step += 1)
    calm = tellRightly(swept(advanceTo(calm, calm.now + STEP), still), `${trail} (calm)`);
  expectNone(
    calm.alerts.filter(({ flapping }) => flapping).map(({ id }) => `${id} flaps for ever`),
    trail,
  );
}

function expectNone(wrongs: readonly string[], trail: string): void {
  if (wrongs.length > 0) expect({ trail, wrongs }).toEqual({ wrongs: [] });
}

/** A space that watches everything, is told at once, and has been told that all is well. */
function quiet(): AlertModel {
  const watch = { kind: "watch", filter: NO_FILTER, options: NO_WATCH_OPTIONS, ownerId: "olga" } as const;
  const open = createAlertModel(["hq"], { waitMs: 0, intervalMs: 0, reopenMs: 2 * STEP });
  return deliver(swept(applyCommand(open, "hq", watch), GOOD)).book;
}

const after = (...sights: readonly Sight[]) =>
  sights.reduce((so, sight) => deliver(SIGHTS[sight](advanceTo(so, so.now + MINUTE))).book, quiet());

const FAILED = ["BAD", "GOOD", "GOOD"] as const;
const FAILED_THRICE = [...FAILED, ...FAILED, ...FAILED] as const;

test.each([
  ["a package that was good", quiet(), { acks: true }],
  ["one that was re-opened twice already", after(...FAILED_THRICE), { acks: false }],
  ["one that flaps", after(...FAILED_THRICE, "BAD"), { acks: false }],
])("after whatever happens to %s, a space believes what it should", (_, book, { acks }) => {
  // What is seen at each step; no mute, one at a step, or one that ends at a later step; an acknowledgement or none.
  const sequences = 6 ** LENGTH * (1 + LENGTH + (LENGTH * (LENGTH - 1)) / 2) * (acks ? 1 + LENGTH : 1);
  for (const pace of ["at once", "in the end"] as const) {
    let paths: readonly Path[] = [{ book, mute: "none", acked: !acks, trail: "", ways: 1 }];
    for (let depth = 0; depth < LENGTH; depth += 1) paths = next(paths, pace);
    for (const path of paths) expectRest(path);
    expect(paths.reduce((sum, { ways }) => sum + ways, 0)).toBe(sequences);
  }
});
