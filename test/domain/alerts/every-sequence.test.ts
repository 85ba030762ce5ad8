import { expect, test } from "vitest";
import { type Alert, isActive } from "../../../src/domain/alerts/alert.ts";
import { activeMute } from "../../../src/domain/alerts/mute.ts";
import { desiredState } from "../../../src/domain/alerts/reconcile.ts";
import { NO_WATCH_OPTIONS } from "../../../src/domain/alerts/watch.ts";
import { NO_FILTER } from "../../support/alert-fixtures.ts";
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
import { lookup, observeCrawl, recordRefusals } from "../../support/alert-model-observing.ts";
import { propertyRuns } from "../../support/property-runs.ts";
import { HOUR, MINUTE } from "../../support/time.ts";

/**
 * All histories of four steps of one package (of six when properties run more often than usual), as in Icinga's tests. Histories
 * that lead to the same state continue as one and are counted, so that seven million take seconds.
 */

const LENGTH = propertyRuns(1).numRuns > 1 ? 6 : 4;
const STEP = 5 * MINUTE;

const MOVING: CustomerStatuses = { acme: { calling: "updating" } };
const GOOD: CustomerStatuses = { acme: { calling: "provisioned" } };
const BAD: CustomerStatuses = { acme: { calling: "error" } };
/** The reading of one step. The last but one must not change anything but open alerts; the last one must not remove any. */
const READINGS = {
  absent: (model: AlertModel) => swept(model, {}),
  GOOD: (model: AlertModel) => swept(model, GOOD),
  MOVING: (model: AlertModel) => swept(model, MOVING),
  BAD: (model: AlertModel) => swept(model, BAD),
  /** Two sweeps break off: one before the customer, one after it. */
  incomplete: (model: AlertModel) =>
    observeCrawl(observeCrawl(model, { kind: "sweep", customers: {}, end: "failed" }), {
      kind: "sweep",
      customers: GOOD,
      end: "failed",
    }),
  /** Quick polls read BAD and GOOD during an outage, and a look-up does not find the customer. */
  outage: (model: AlertModel) =>
    lookup(
      [BAD, GOOD, GOOD].reduce(
        (so, customers) => observeCrawl(so, { kind: "quick-poll", customers, end: "complete" }),
        refused(model),
      ),
      {},
    ),
} as const;
type ReadingName = keyof typeof READINGS;

const swept = (model: AlertModel, customers: CustomerStatuses) =>
  lookup(observeCrawl(model, { kind: "sweep", customers, end: "complete" }), customers);
const refused = (model: AlertModel) => advanceTo(recordRefusals(model));

/** A history so far. The mute, its end and the acknowledgement come at most once each. */
interface Path {
  readonly model: AlertModel;
  readonly mute: "none" | "on" | "ended";
  readonly acked: boolean;
  /** The steps of one history that led to this state. */
  readonly steps: string;
  readonly ways: number;
}

/** Messages are delivered after each step, or only at the end. */
type Pace = "at once" | "in the end";

/** All histories that are one step longer; fails on a forbidden transition. */
function next(paths: readonly Path[], pace: Pace): readonly Path[] {
  const after = new Map<string, Path>();
  for (const path of paths) {
    const before = { ...path, model: advanceTo(path.model, path.model.now + STEP) };
    for (const ready of command(before)) {
      for (const [reading, seen] of Object.entries(READINGS)) {
        const steps = `${ready.steps} ${reading}`;
        const model = seen(ready.model);
        expectNone(transitionErrors(ready.model, reading, model), steps);
        const one = { ...ready, steps, model: pace === "at once" ? deliverAndCheck(model, steps) : model };
        const key = keyOf(one);
        after.set(key, { ...one, ways: path.ways + (after.get(key)?.ways ?? 0) });
      }
    }
  }
  return [...after.values()];
}

/** The commands before the step: a mute or its end, an acknowledgement, both, or none. */
function command(path: Path): readonly Path[] {
  const { model, steps } = path;
  const muted: Path[] = [path];
  if (path.mute === "none") muted.push({ ...path, model: mutedNow(model), mute: "on", steps: `${steps} mute` });
  if (path.mute === "on") {
    const loud = applyCommand(model, "hq", { kind: "unmute", number: 1 });
    muted.push({ ...path, model: loud, mute: "ended", steps: `${steps} unmute` });
  }
  return path.acked ? muted : [...muted, ...muted.map(acknowledged)];
}

function mutedNow(model: AlertModel): AlertModel {
  const span = { from: model.now, until: model.now + 6 * HOUR };
  const mute = { filter: NO_FILTER, ...span, because: "works", personId: "olga", by: "Olga" };
  return applyCommand(model, "hq", { kind: "mute", mute });
}

function acknowledged(path: Path): Path {
  const ack = { personId: "olga", name: "Olga", at: 0 };
  const model = applyCommand(path.model, "hq", {
    kind: "ack",
    alerts: path.model.alerts.map(({ id }) => id),
    ack,
  });
  return { ...path, model, acked: true, steps: `${path.steps} ack` };
}

/** The parts of the state that decide what can follow: ages instead of times, and differences to what the space knows. */
function keyOf({ model, mute, acked }: Path): string {
  const { now, alerts, snapshot, visibility, outbox } = model;
  const ago = (at = Number.NEGATIVE_INFINITY) => Math.min(now - at, HOUR);
  const essence = (alert: Alert) => {
    const { id, state, reason, flapping } = alert;
    const known = notifiedOf(model, "hq", id);
    return [
      ...[state, reason, alert.retrying, alert.suspended, alert.absentSweeps, alert.reopenedAt.length, !alert.ack],
      flapping && [ago(flapping.changedAt), flapping.unchangedObservations],
      ...[known?.state, alert.generation - (known?.generation ?? 0), alert.failures - (known?.failures ?? 0)],
      outbox.filter(({ alertId }) => alertId === id).map(({ kind }) => kind),
    ];
  };
  // Of earlier alerts, the time of the close does not matter.
  const past = new Set(alerts.slice(0, -1).map((alert) => JSON.stringify(essence(alert))));
  const last = alerts.slice(-1).map((alert) => [essence(alert), alert.state === "closed" && ago(alert.closedAt)]);
  const seeing = [snapshot, ago(visibility.completeAt), visibility.outage !== undefined];
  return JSON.stringify([[...past], last, seeing, mute, acked]);
}

/** The transitions that laws c and ALERTS 11, 14 and 31 forbid. */
function transitionErrors(before: AlertModel, reading: string, after: AlertModel): readonly string[] {
  const changed = after.alerts.filter((alert) => !before.alerts.includes(alert));
  if (reading === "incomplete") return changed.map(({ id }) => `${reading} changed ${id}`);
  if (reading === "outage")
    return changed.flatMap(({ id, reason }) => (reason === "customer removed" ? [`${reading} removed ${id}`] : []));
  return changed.flatMap((alert) => {
    const was = before.alerts.find(({ id }) => id === alert.id);
    if (alert.state !== "closed" || was?.state === "closed") return [];
    const isHealed = alert.reason === "recovered" && was?.state === "healing" && reading === "GOOD";
    const isGone = alert.reason === "customer removed" && was?.absentSweeps === 1 && reading === "absent";
    return isHealed || isGone ? [] : [`${was?.state} became ${alert.reason} by ${reading}`];
  });
}

/** Delivers all that is due, and checks each message against what the space was told before. */
function deliverAndCheck(model: AlertModel, steps: string): AlertModel {
  const { model: after, sent } = deliver(model);
  expectNone([...sent.flatMap((sending) => messageErrors(after, sending)), ...stateErrors(after)], steps);
  return after;
}

/** The notified states in which a notice of this kind is allowed. */
const REQUIRED_STATES: Readonly<Record<string, readonly (string | undefined)[]>> = {
  alert: [undefined],
  retry: ["open"],
  "code-change": ["open"],
  reopen: ["closed", "open"],
  recovery: ["open", "flapping"],
  flapping: [undefined, "open", "closed"],
  "flapping-end": ["flapping"],
};

/** Laws b, e and f, and ALERTS 23. */
function messageErrors(model: AlertModel, { notices, alerts, notified: known }: OutgoingMessage): readonly string[] {
  const mutes = model.rooms.flatMap((room) => room.mutes);
  return notices.flatMap(({ kind, alertId }) => {
    const alert = alerts.find(({ id }) => id === alertId);
    if (alert === undefined) return [];
    const before = known.find((one) => one.alertId === alertId);
    const isMuted = kind !== "recovery" && activeMute(alert, mutes, model.now) !== undefined;
    return [
      ...(REQUIRED_STATES[kind]?.includes(before?.state) ? [] : [`${kind} although notified of ${before?.state}`]),
      ...(alert.generation > (before?.generation ?? 0) ? [] : [`${kind} of an old generation`]),
      ...(isMuted ? [`${kind} although muted`] : []),
    ];
  });
}

/** Law a. */
function stateErrors(model: AlertModel): readonly string[] {
  return model.rooms.flatMap((room) => [
    ...queuedFor(model, room.roomId)
      .filter(({ kind, state }) => kind !== "came-and-went" && state !== "held")
      .map(({ kind }) => `${kind} still waits`),
    ...model.alerts.flatMap((alert) => {
      const desired = desiredState(alertContext(model, alert), room, model.now);
      const state = notifiedOf(model, room.roomId, alert.id)?.state;
      const isHeld = queuedFor(model, room.roomId).some((row) => row.alertId === alert.id && row.state === "held");
      const isRight = desired === "unchanged" || desired === (state ?? "closed") || isHeld;
      return isRight ? [] : [`notified of ${state} and not of ${desired}`];
    }),
  ]);
}

/** After delivery, the end of the mute and the end of flapping, the space still knows what it should. */
function expectQuiet({ model, steps }: Path): void {
  const now = deliverAndCheck(model, steps);
  let calm = deliverAndCheck(advanceTo(now, now.now + 6 * HOUR), `${steps} (the mute ends)`);
  const still = calm.alerts.some(isActive) ? BAD : GOOD;
  for (let step = 0; step < 7 && calm.alerts.some(({ flapping }) => flapping); step += 1)
    calm = deliverAndCheck(swept(advanceTo(calm, calm.now + STEP), still), `${steps} (calm)`);
  expectNone(
    calm.alerts.filter(({ flapping }) => flapping).map(({ id }) => `${id} flaps for ever`),
    steps,
  );
}

function expectNone(errors: readonly string[], steps: string): void {
  if (errors.length > 0) expect({ steps, errors }).toEqual({ errors: [] });
}

/** A space that watches everything, is told at once, and has had its baseline without errors. */
function quietModel(): AlertModel {
  const watch = { kind: "watch", filter: NO_FILTER, options: NO_WATCH_OPTIONS, ownerId: "olga" } as const;
  const open = createAlertModel(["hq"], { waitMs: 0, intervalMs: 0, reopenMs: 2 * STEP });
  return deliver(swept(applyCommand(open, "hq", watch), GOOD)).model;
}

const after = (...readings: readonly ReadingName[]) =>
  readings.reduce((so, reading) => deliver(READINGS[reading](advanceTo(so, so.now + MINUTE))).model, quietModel());

const FAILED = ["BAD", "GOOD", "GOOD"] as const;
const FAILED_THRICE = [...FAILED, ...FAILED, ...FAILED] as const;

test.each([
  ["a package that was good", quietModel(), { acks: true }],
  ["one that was re-opened twice already", after(...FAILED_THRICE), { acks: false }],
  ["one that flaps", after(...FAILED_THRICE, "BAD"), { acks: false }],
])("after every sequence of steps of %s, a space knows what it should", (_, model, { acks }) => {
  // Readings, times mutes (none, from a step on, or until a later step), times acknowledgements (none, or at a step).
  const sequences = 6 ** LENGTH * (1 + LENGTH + (LENGTH * (LENGTH - 1)) / 2) * (acks ? 1 + LENGTH : 1);
  for (const pace of ["at once", "in the end"] as const) {
    let paths: readonly Path[] = [{ model, mute: "none", acked: !acks, steps: "", ways: 1 }];
    for (let depth = 0; depth < LENGTH; depth += 1) paths = next(paths, pace);
    for (const path of paths) expectQuiet(path);
    expect(paths.reduce((sum, { ways }) => sum + ways, 0)).toBe(sequences);
  }
});
