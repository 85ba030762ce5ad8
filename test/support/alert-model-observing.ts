import { type Alert, isActive } from "../../src/domain/alerts/alert.ts";
import { applyObservation, closeAlert, type Reading } from "../../src/domain/alerts/lifecycle.ts";
import { type Observation, observationOf, observationsOf } from "../../src/domain/alerts/observation.ts";
import type { ReadFailure } from "../../src/domain/alerts/visibility.ts";
import { WHOLE_TOKEN } from "../../src/domain/customers/sweep.ts";
import { customerOf } from "./alert-fixtures.ts";
import { type AlertModel, type CustomerStatuses, enqueue, reconcile } from "./alert-model.ts";

/** What the monitor's calls do to a book: sweeps, looks, look-ups by id, and their failures. */

/** A walk over customers, as far as it got: whom it met, and how it ended. */
export interface Crawl {
  readonly kind: "sweep" | "quick-poll";
  readonly customers: CustomerStatuses;
  readonly end: "complete" | "suspect" | "failed";
}

/**
 * Every page is taken in as it comes, and only opens (ALERTS 5). Then a good look, and a sweep that reached its end, are held
 * against what is open; who is absent counts in a complete sweep alone (ALERTS 6). While blind, only that is believed (31).
 */
export function observeCrawl(before: AlertModel, { kind, customers, end }: Crawl): AlertModel {
  const book = { ...before, observationCount: before.observationCount + 1 };
  const paged = Object.keys(customers).reduce(
    (so, id) => reconcile(updateSnapshot(hasOutage(so) ? so : openFromPage(so, customers, id), customers, id)),
    book,
  );
  const isComplete = kind === "sweep" && end === "complete";
  if (end === "failed" || (hasOutage(paged) && !isComplete)) return paged;
  const seeing = isComplete ? completeSweep(paged, customers) : paged;
  return reconcile(evaluateAll(seeing, isComplete ? "sweep" : "quick-poll", customers));
}

/** Asks by id for whoever two sweeps did not find: who is not there is removed, and so is what is not there of them (ALERTS 14). */
export function lookup(before: AlertModel, world: CustomerStatuses): AlertModel {
  if (hasOutage(before)) return before;
  const book = { ...before, observationCount: before.observationCount + 1 };
  const missing = book.alerts.filter((alert) => isActive(alert) && alert.absentSweeps >= 2);
  return reconcile(missing.reduce((so, alert) => applyLookup(so, alert, world), book));
}

function applyLookup(book: AlertModel, alert: Alert, world: CustomerStatuses): AlertModel {
  if (world[alert.key.customerId] !== undefined) return observe(book, observationIn(world, alert.key), "lookup");
  return withAlert(book, closeAlert(alert, "customer removed", book.now));
}

/** A reading failed of this. */
export function recordFailure(book: AlertModel, trouble: ReadFailure): AlertModel {
  return { ...book, visibility: { ...book.visibility, failure: trouble } };
}

export function hasOutage({ visibility }: AlertModel): boolean {
  return visibility.outage !== undefined;
}

/** A complete sweep: everything is as it says, and blindness has an end. */
function completeSweep(book: AlertModel, met: CustomerStatuses): AlertModel {
  const { tookMs, outage } = book.visibility;
  const seeing: AlertModel = { ...book, visibility: { completeAt: book.now, readAt: book.now, tookMs } };
  if (outage === undefined) return seeing;
  const believed = Object.keys(met).reduce((so, id) => openFromPage(so, met, id), seeing);
  return book.rooms.reduce((so, { roomId }) => enqueue(so, roomId, { kind: "outage-end" }), believed);
}

function evaluateAll(book: AlertModel, kind: Reading["kind"], met: CustomerStatuses): AlertModel {
  const watched = book.alerts.filter((alert) => isActive(alert) || alert.flapping !== undefined);
  const seen = kind === "sweep" ? watched : watched.filter(({ key }) => met[key.customerId] !== undefined);
  return seen.reduce((so, { key }) => observe(so, observationIn(met, key), kind), book);
}

/** A page opens what is bad in it. */
function openFromPage(book: AlertModel, met: CustomerStatuses, id: string): AlertModel {
  const asked = { scope: WHOLE_TOKEN, kinds: ["error"], now: book.now } as const;
  return observationsOf({ customer: customerOf(id, met[id] ?? {}), since: {} }, asked).reduce((so, sighting) => {
    const previousStatus = book.snapshot[id]?.[sighting.key.item];
    const isChange = previousStatus !== undefined && previousStatus !== sighting.status;
    return observe(so, isChange ? { ...sighting, previousStatus } : sighting, "page");
  }, book);
}

function updateSnapshot(book: AlertModel, met: CustomerStatuses, id: string): AlertModel {
  return {
    ...book,
    snapshot: { ...book.snapshot, [id]: met[id] ?? {} },
    visibility: { ...book.visibility, readAt: book.now },
  };
}

function observationIn(met: CustomerStatuses, key: Alert["key"]): Observation {
  const statuses = met[key.customerId];
  if (statuses !== undefined) return observationOf(key, customerOf(key.customerId, statuses), 0);
  return { key, class: "absent", subject: customerOf(key.customerId, {}) };
}

function observe(book: AlertModel, sighting: Observation, kind: Reading["kind"]): AlertModel {
  const { customerId, item } = sighting.key;
  const last = book.alerts.findLast(({ key }) => key.customerId === customerId && key.item === item);
  const next = applyObservation(last, sighting, {
    now: book.now,
    reading: { id: book.observationCount, kind },
    reopenMs: book.timings.reopenMs,
    nextId: book.alerts.length + 1,
    baseline: book.visibility.completeAt === undefined,
  });
  return next === undefined || next === last ? book : withAlert(book, next);
}

function withAlert(book: AlertModel, alert: Alert): AlertModel {
  const others = book.alerts.filter(({ id }) => id !== alert.id);
  return { ...book, alerts: [...others, alert].sort((a, b) => a.id - b.id) };
}
