import { type Alert, isActive } from "../../src/domain/alerts/alert.ts";
import { applyObservation, closeAlert, type Reading } from "../../src/domain/alerts/lifecycle.ts";
import { type Observation, observationOf, observationsOf } from "../../src/domain/alerts/observation.ts";
import { WHOLE_TOKEN } from "../../src/domain/customers/sweep.ts";
import { customerOf } from "./alert-fixtures.ts";
import { type AlertModel, type CustomerStatuses, enqueue, reconcile } from "./alert-model.ts";
import { applyOutage } from "./alert-model-commands.ts";

/** A sweep or a quick poll: the customers that it read, and its end. */
export interface Crawl {
  readonly kind: "sweep" | "quick-poll";
  readonly customers: CustomerStatuses;
  readonly end: "complete" | "suspect" | "failed";
}

/**
 * Each page only opens alerts; the end of a complete sweep or of a quick poll heals and closes them (ALERTS 5). Absence counts
 * only in a complete sweep; a suspect one begins an outage (6, 31).
 */
export function observeCrawl(before: AlertModel, { kind, customers, end }: Crawl): AlertModel {
  const model = { ...before, observationCount: before.observationCount + 1 };
  const paged = Object.keys(customers).reduce(
    (so, id) => reconcile(updateSnapshot(openFromPage(so, customers, id), customers, id)),
    model,
  );
  if (end === "failed") return paged;
  if (end === "suspect") return reconcile(applyOutage(doubtList(paged)));
  const seeing = kind === "sweep" ? completeSweep(paged, customers) : withoutFailure(paged);
  return reconcile(evaluateAll(seeing, kind, customers));
}

/**
 * Looks up the customers that two sweeps did not find, and closes the alerts of those customers and items that are gone (ALERTS 14),
 * but not during an outage (31).
 */
export function lookup(before: AlertModel, world: CustomerStatuses): AlertModel {
  const model = { ...before, observationCount: before.observationCount + 1 };
  const missing = model.alerts.filter((alert) => isActive(alert) && alert.absentSweeps >= 2);
  return reconcile(missing.reduce((so, alert) => applyLookup(so, alert, world), model));
}

function applyLookup(model: AlertModel, alert: Alert, world: CustomerStatuses): AlertModel {
  const kind = hasOutage(model) ? "quick-poll" : "lookup";
  if (world[alert.key.customerId] !== undefined) return observe(model, observationIn(world, alert.key), kind);
  return hasOutage(model) ? model : saveAlert(model, closeAlert(alert, "customer removed", model.now));
}

/** The API refuses the token, and has done so half a minute ago (ALERTS 31). */
export function recordRefusals(model: AlertModel): AlertModel {
  const failure = {
    cause: "wholesale.unauthorized",
    isUnauthorized: true,
    since: model.now - 30_000,
    lastAt: model.now,
  };
  return { ...model, visibility: { ...model.visibility, failure } };
}

function doubtList(model: AlertModel): AlertModel {
  const { failure: _, ...visibility } = model.visibility;
  const absence = { known: 20, present: 10, absent: 10, mayBeTrue: false, agreeing: 0, isBelieved: false };
  const doubt = { since: model.now, ...absence };
  return { ...model, visibility: { ...visibility, readAt: model.now, doubt } };
}

function withoutFailure(model: AlertModel): AlertModel {
  const { failure: _, ...visibility } = model.visibility;
  return { ...model, visibility };
}

export function hasOutage({ visibility }: AlertModel): boolean {
  return visibility.outage !== undefined;
}

/** A complete sweep ends an outage (ALERTS 31). */
function completeSweep(model: AlertModel, customers: CustomerStatuses): AlertModel {
  const { tookMs, outage } = model.visibility;
  const seeing: AlertModel = { ...model, visibility: { completeAt: model.now, readAt: model.now, tookMs } };
  if (outage === undefined) return seeing;
  const opened = Object.keys(customers).reduce((so, id) => openFromPage(so, customers, id), seeing);
  return model.rooms.reduce((so, { roomId }) => enqueue(so, roomId, { kind: "outage-end" }), opened);
}

function evaluateAll(model: AlertModel, kind: Reading["kind"], customers: CustomerStatuses): AlertModel {
  const watched = model.alerts.filter(isActive);
  const seen = kind === "sweep" ? watched : watched.filter(({ key }) => customers[key.customerId] !== undefined);
  return seen.reduce((so, { key }) => observe(so, observationIn(customers, key), kind), model);
}

function openFromPage(model: AlertModel, customers: CustomerStatuses, id: string): AlertModel {
  const command = { scope: WHOLE_TOKEN, kinds: ["error"], now: model.now } as const;
  return observationsOf({ customer: customerOf(id, customers[id] ?? {}), since: {} }, command).reduce(
    (so, observation) => {
      const previousStatus = model.snapshot[id]?.[observation.key.item];
      const isChange = previousStatus !== undefined && previousStatus !== observation.status;
      return observe(so, isChange ? { ...observation, previousStatus } : observation, "page");
    },
    model,
  );
}

function updateSnapshot(model: AlertModel, customers: CustomerStatuses, id: string): AlertModel {
  return {
    ...model,
    snapshot: { ...model.snapshot, [id]: customers[id] ?? {} },
    visibility: { ...model.visibility, readAt: model.now },
  };
}

function observationIn(customers: CustomerStatuses, key: Alert["key"]): Observation {
  const statuses = customers[key.customerId];
  if (statuses !== undefined) return observationOf(key, customerOf(key.customerId, statuses), 0);
  return { key, class: "absent", subject: customerOf(key.customerId, {}) };
}

function observe(model: AlertModel, observation: Observation, kind: Reading["kind"]): AlertModel {
  const { customerId, item } = observation.key;
  const last = model.alerts.findLast(({ key }) => key.customerId === customerId && key.item === item);
  const next = applyObservation(last, observation, {
    now: model.now,
    reading: { id: model.observationCount, kind },
    reopenMs: model.timings.reopenMs,
    nextId: model.alerts.length + 1,
    baseline: model.visibility.completeAt === undefined,
  });
  return next === undefined || next === last ? model : saveAlert(model, next);
}

function saveAlert(model: AlertModel, alert: Alert): AlertModel {
  const others = model.alerts.filter(({ id }) => id !== alert.id);
  return { ...model, alerts: [...others, alert].sort((a, b) => a.id - b.id) };
}
