import { setTimeout as timer } from "node:timers/promises";
import { Gauge, type Registry } from "prom-client";
import { maxSweepAge, type Visibility } from "../domain/alerts/visibility.ts";
import { CUSTOMER_STATUSES } from "../domain/customers/customer.ts";
import type { Clock } from "../domain/ports/runtime.ts";
import type { TrendDay } from "../domain/ports/snapshot.ts";
import type { Store } from "../domain/ports/store.ts";
import { oneOf } from "./labels.ts";
import { PREFIX } from "./prefix.ts";

export interface StoredDeps {
  readonly store: Pick<Store, "inbox" | "outbox" | "alerts" | "snapshot" | "rooms">;
  /** `SWEEP_INTERVAL`. */
  readonly sweepMs: number;
  readonly clock: Clock;
}

/** The figures that are read from the database when somebody looks; the same in all instances. */
interface Stored {
  readonly outbox: Awaited<ReturnType<Store["outbox"]["state"]>>;
  readonly inboxWaiting: number;
  readonly scopes: readonly StoredScope[];
}

interface StoredScope {
  readonly visibility: Visibility;
  readonly openAlerts: number;
  readonly counts: TrendDay["byStatus"];
}

/** A scrape waits no longer for the database. In real time, whatever the clock of the schedules. */
const LIMIT_MS = 1_000;
/** Scrapes within this time are answered from one reading. */
const FRESH_MS = 5_000;

/** Gauges of what is in the database. The returned function sets them; without an answer in time they have no value. */
export function createStoredGauges(registry: Registry, deps: StoredDeps): () => Promise<void> {
  const { clock, sweepMs } = deps;
  const read = createCachedReader(() => readStored(deps), clock);
  const gauges = createGauges(registry);
  return async () => {
    const stored = await read();
    const figures: Partial<Record<FigureName, number>> =
      stored === undefined ? { readable: 0 } : figuresOf(stored, { now: clock(), sweepMs });
    for (const [name, gauge] of gauges.figures) {
      const value = figures[name];
      if (value === undefined) gauge.remove();
      else gauge.set(value);
    }
    gauges.customers.reset();
    for (const { value, customers } of stored?.scopes.flatMap(({ counts }) => counts) ?? [])
      gauges.customers.inc({ status: oneOf(CUSTOMER_STATUSES, value) }, customers);
  };
}

type FigureName = keyof typeof FIGURES;

/** Each with its name and help. */
const FIGURES = {
  sweepAt: [
    "sweep_last_complete_timestamp_seconds",
    "When the last complete sweep ended; of the scope that lags most.",
  ],
  sweepMaxAge: ["sweep_max_age_seconds", "The age of a complete sweep from which the bot itself speaks of an outage."],
  alerts: ["alerts_open", "Alerts that are open, healing or flapping."],
  blind: ["blind", "1 while the Wholesale API cannot be read (an outage)."],
  outage: ["outage_seconds", "How long the Wholesale API has not been readable; 0 when it is."],
  pending: ["outbox_pending", "Notices that wait to be delivered."],
  oldest: ["outbox_oldest_seconds", "How long the oldest of them has waited."],
  dead: ["outbox_dead", "Notices that were given up; the command `outbox` shows them."],
  inbox: ["inbox_waiting", "Webhook events that wait to be answered."],
  readable: ["database_readable", "1 if the database answered this scrape in time."],
} as const;

function createGauges(registry: Registry) {
  const gauge = (name: string, help: string, labelNames: readonly string[] = []) =>
    new Gauge({ name: `${PREFIX}${name}`, help, labelNames: [...labelNames], registers: [registry] });
  const names = Object.keys(FIGURES) as readonly FigureName[];
  return {
    figures: names.map((name) => [name, gauge(FIGURES[name][0], FIGURES[name][1])] as const),
    customers: gauge("customers", "Customers by status, as of the last complete sweep.", ["status"]),
  };
}

function figuresOf(
  { outbox, inboxWaiting, scopes }: Stored,
  { now, sweepMs }: { readonly now: number; readonly sweepMs: number },
): Partial<Record<FigureName, number>> {
  const visibilities = scopes.map(({ visibility }) => visibility);
  const outages = visibilities.flatMap(({ outage }) => (outage === undefined ? [] : [now - outage.since]));
  const completeAt = visibilities.flatMap((visibility) => visibility.completeAt ?? []);
  const isComplete = completeAt.length === visibilities.length;
  return {
    readable: 1,
    ...(isComplete && { sweepAt: Math.min(...completeAt) / 1000 }),
    sweepMaxAge: Math.max(...visibilities.map((visibility) => maxSweepAge(visibility, sweepMs))) / 1000,
    alerts: scopes.reduce((sum, { openAlerts }) => sum + openAlerts, 0),
    blind: outages.length > 0 ? 1 : 0,
    outage: Math.max(0, ...outages) / 1000,
    pending: outbox.waiting,
    oldest: (now - (outbox.oldestAt ?? now)) / 1000,
    dead: outbox.dead,
    inbox: inboxWaiting,
  };
}

async function readStored({ store, clock }: StoredDeps): Promise<Stored> {
  const [scopes, outbox, inboxWaiting] = await Promise.all([
    store.rooms.scopes(),
    store.outbox.state(),
    store.inbox.waiting(),
  ]);
  return { outbox, inboxWaiting, scopes: await Promise.all(scopes.map((scope) => readScope(store, scope, clock()))) };
}

/** The days of which the counts may be, when no sweep was complete today. */
const DAYS = 7;

async function readScope({ alerts, snapshot }: StoredDeps["store"], scope: string, now: number): Promise<StoredScope> {
  const [visibility, openAlerts, days] = await Promise.all([
    alerts.visibility(scope),
    alerts.countActive(scope),
    snapshot.trend(scope, DAYS, now),
  ]);
  return { visibility, openAlerts, counts: days.at(-1)?.byStatus ?? [] };
}

/** Undefined when the reading fails or is late. One reading at a time, however many ask and however long it takes. */
function createCachedReader<T>(read: () => Promise<T>, clock: Clock): () => Promise<T | undefined> {
  let last: { readonly at: number; readonly result: Promise<T | undefined> } | undefined;
  let isReading = false;
  const begin = (): Promise<T | undefined> => {
    isReading = true;
    return read()
      .catch(() => undefined)
      .finally(() => {
        isReading = false;
      });
  };
  return () => {
    const isFresh = last !== undefined && Math.abs(clock() - last.at) < FRESH_MS;
    if (last === undefined || !(isReading || isFresh)) last = { at: clock(), result: begin() };
    return within(LIMIT_MS, last.result);
  };
}

async function within<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  const over = new AbortController();
  try {
    return await Promise.race([work, timer(ms, undefined, { signal: over.signal, ref: false })]);
  } finally {
    over.abort();
  }
}
