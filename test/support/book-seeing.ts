import { type Alert, isActive } from "../../src/domain/alerts/alert.ts";
import type { Trouble } from "../../src/domain/alerts/blind.ts";
import { close, type Reading, record } from "../../src/domain/alerts/lifecycle.ts";
import { type Sighting, sightingOf, sightingsOf } from "../../src/domain/alerts/sighting.ts";
import { WHOLE_TOKEN } from "../../src/domain/customers/sweep.ts";
import { customerOf } from "./alerts.ts";
import { type Book, owe, settle, type World } from "./book.ts";

/** What the monitor's calls do to a book: sweeps, looks, look-ups by id, and their failures. */

/** A walk over customers, as far as it got: whom it met, and how it ended. */
export interface Walk {
  readonly kind: "sweep" | "look";
  readonly met: World;
  readonly end: "complete" | "suspect" | "failed";
}

/**
 * Every page is taken in as it comes, and only opens (ALERTS 5). Then a good look, and a sweep that reached its end, are held
 * against what is open; who is absent counts in a complete sweep alone (ALERTS 6). While blind, only that is believed (31).
 */
export function read(before: Book, { kind, met, end }: Walk): Book {
  const book = { ...before, readings: before.readings + 1 };
  const paged = Object.keys(met).reduce(
    (so, id) => settle(noted(isBlind(so) ? so : opened(so, met, id), met, id)),
    book,
  );
  const isComplete = kind === "sweep" && end === "complete";
  if (end === "failed" || (isBlind(paged) && !isComplete)) return paged;
  const seeing = isComplete ? insight(paged, met) : paged;
  return settle(judged(seeing, isComplete ? "sweep" : "look", met));
}

/** Asks by id for whoever two sweeps did not find: who is not there is removed, and so is what is not there of them (ALERTS 14). */
export function lookUp(before: Book, world: World): Book {
  if (isBlind(before)) return before;
  const book = { ...before, readings: before.readings + 1 };
  const missing = book.alerts.filter((alert) => isActive(alert) && alert.absent >= 2);
  return settle(missing.reduce((so, alert) => lookedUp(so, alert, world), book));
}

function lookedUp(book: Book, alert: Alert, world: World): Book {
  if (world[alert.key.customerId] !== undefined)
    return recorded(book, sightingIn(world, alert.key), "look-up");
  return known(book, close(alert, "customer removed", book.now));
}

/** A reading failed of this. */
export function fail(book: Book, trouble: Trouble): Book {
  return { ...book, sight: { ...book.sight, failure: trouble } };
}

export function isBlind({ sight }: Book): boolean {
  return sight.blind !== undefined;
}

/** A complete sweep: everything is as it says, and blindness has an end. */
function insight(book: Book, met: World): Book {
  const { tookMs, blind } = book.sight;
  const seeing: Book = { ...book, sight: { completeAt: book.now, readAt: book.now, tookMs } };
  if (blind === undefined) return seeing;
  const believed = Object.keys(met).reduce((so, id) => opened(so, met, id), seeing);
  return book.rooms.reduce((so, { roomId }) => owe(so, roomId, { kind: "sight" }), believed);
}

function judged(book: Book, kind: Reading["kind"], met: World): Book {
  const watched = book.alerts.filter((alert) => isActive(alert) || alert.flapping !== undefined);
  const seen = kind === "sweep" ? watched : watched.filter(({ key }) => met[key.customerId] !== undefined);
  return seen.reduce((so, { key }) => recorded(so, sightingIn(met, key), kind), book);
}

/** A page opens what is bad in it. */
function opened(book: Book, met: World, id: string): Book {
  const asked = { scope: WHOLE_TOKEN, kinds: ["error"], now: book.now } as const;
  return sightingsOf({ customer: customerOf(id, met[id] ?? {}), since: {} }, asked).reduce((so, sighting) => {
    const from = book.snapshot[id]?.[sighting.key.item];
    const isChange = from !== undefined && from !== sighting.status;
    return recorded(so, isChange ? { ...sighting, from } : sighting, "page");
  }, book);
}

function noted(book: Book, met: World, id: string): Book {
  return {
    ...book,
    snapshot: { ...book.snapshot, [id]: met[id] ?? {} },
    sight: { ...book.sight, readAt: book.now },
  };
}

function sightingIn(met: World, key: Alert["key"]): Sighting {
  const statuses = met[key.customerId];
  if (statuses !== undefined) return sightingOf(key, customerOf(key.customerId, statuses), 0);
  return { key, class: "absent", subject: customerOf(key.customerId, {}) };
}

function recorded(book: Book, sighting: Sighting, kind: Reading["kind"]): Book {
  const { customerId, item } = sighting.key;
  const last = book.alerts.findLast(({ key }) => key.customerId === customerId && key.item === item);
  const next = record(last, sighting, {
    now: book.now,
    reading: { id: book.readings, kind },
    reopenMs: book.timings.reopenMs,
    nextId: book.alerts.length + 1,
    baseline: book.sight.completeAt === undefined,
  });
  return next === undefined || next === last ? book : known(book, next);
}

function known(book: Book, alert: Alert): Book {
  const others = book.alerts.filter(({ id }) => id !== alert.id);
  return { ...book, alerts: [...others, alert].sort((a, b) => a.id - b.id) };
}
