import { type Customer, classOf, type ProvisioningClass } from "../customers/customer.ts";
import { CUSTOMER_ITEM } from "../customers/record.ts";
import type { Scope } from "../customers/sweep.ts";
import type { AlertKind } from "./kinds.ts";

/** The subject of an alert (ALERTS 1). `item` is the `itemKey` of a package or an add-on, or `*` for the customer itself. */
export interface AlertKey {
  readonly scope: Scope;
  readonly customerId: string;
  readonly item: string;
  readonly kind: AlertKind;
}

export type ClosedReason = "recovered" | "customer removed" | "package removed";

/** One period in which a key has a problem, from opening to close (ALERTS 8). Times are epoch milliseconds of the readings. */
export interface Alert {
  /** The number that people read and type; counts up over all scopes. */
  readonly id: number;
  readonly key: AlertKey;
  readonly state: "open" | "healing" | "closed";
  /** Absent until the alert is closed. */
  readonly reason?: ClosedReason;
  /** Grows with each opening, failed retry, other set of codes and close, and at the start and end of flapping. */
  readonly generation: number;
  /** Cards show it as "seen since", because the time of the failure itself is unknown (ALERTS 9). */
  readonly openedAt: number;
  /** The last opening or re-opening. */
  readonly badSince: number;
  readonly closedAt?: number;
  /** The status before it was BAD; absent when the item was not known before. */
  readonly previousStatus?: string;
  /** The last observed status; absent when the item was missing. */
  readonly status?: string;
  /** 1, plus one for each retry, including one that is not finished (ALERTS 10). */
  readonly attempt: number;
  /** Failed retries; never decreases. */
  readonly failures: number;
  /** MOVING since it was last BAD, and perhaps GOOD for one reading after that (ALERTS 10, 11). */
  readonly retrying: boolean;
  /** When the item got `status`; only for kinds that are about the age of a status, such as `stuck` (ALERTS 17). */
  readonly movingSince?: number;
  /** The item is being deleted, so there are no reminders (ALERTS 10). */
  readonly suspended: boolean;
  /** The times of all re-openings (ALERTS 12). */
  readonly reopenedAt: readonly number[];
  /** When earlier alerts of the key were opened and re-opened, as far as flapping counts it (ALERTS 13); absent when none was. */
  readonly earlierEntries?: readonly number[];
  /** Present while the alert flaps (ALERTS 13). */
  readonly flapping?: Flapping;
  /** It was removed, and had been seen healthy last (ALERTS 14). */
  readonly wasHealthy?: true;
  /** Consecutive complete sweeps without the item (ALERTS 14). */
  readonly absentSweeps: number;
  /** The id of the reading that found it GOOD first; closing needs another reading (ALERTS 11). */
  readonly healedIn?: number;
  /** Opened silently, because the error is older than the first complete sweep or the watch (ALERTS 15). */
  readonly baseline: boolean;
  /** How long the bot had been away when it noticed the error, in milliseconds (ALERTS 16). */
  readonly lateMs?: number;
  readonly ack?: Acknowledgement;
  /** Acknowledgements that ended before the alert did, oldest first (ALERTS 22); absent when there was none. */
  readonly pastAcks?: readonly EndedAck[];
  /** The customer at the last BAD observation, with this item alone. Filters are matched against it, and cards show it. */
  readonly subject: Customer;
  /**
   * The state of the item of a closed alert at the time at which a message is made: it may be in error again by then, or there
   * again (ALERTS 26). Never stored; absent elsewhere, and where the item is not there.
   */
  readonly seenNow?: { readonly class: ProvisioningClass; readonly status: string };
  /** The id of the room that requested this trial alert (`drill`); absent for a real one. */
  readonly drill?: string;
}

export interface Flapping {
  readonly since: number;
  /** The last change between open and not open. */
  readonly changedAt: number;
  /** The id of the reading of that change; it does not count as a reading without a change. */
  readonly changedIn?: number;
  /** Readings without a change since then. */
  readonly unchangedObservations: number;
}

export interface Acknowledgement {
  readonly personId: string;
  /** The display name. */
  readonly name: string;
  readonly at: number;
  readonly note?: string;
  /** The space in which the note was written; no other space shows it. */
  readonly notedIn?: string;
  /** When it ends by itself; absent when it lasts as long as the alert. */
  readonly until?: number;
}

export interface EndedAck extends Acknowledgement {
  readonly endedAt: number;
  readonly how: "by itself" | "taken back" | "re-opened";
}

/** False for an optional kind that ended because the item is in error now: another alert is open for that (ALERTS 17). */
export function hasRecovered({ reason, key, status = "" }: Alert): boolean {
  return reason === "recovered" && (key.kind === "error" || classOf(status) !== "bad");
}

/** It has recovered, and is healthy at the time of the message. */
export function isHealthyNow(alert: Alert): boolean {
  return hasRecovered(alert) && (alert.seenNow?.class ?? "good") === "good";
}

/** Absent from so many complete sweeps in a row, a customer or an item is looked up by id (ALERTS 14). */
export const ABSENT_SWEEPS = 2;

/** Open, healing or flapping: not over yet. A flapping alert may be closed at the moment (ALERTS 13). */
export function isActive({ state, flapping }: Pick<Alert, "state" | "flapping">): boolean {
  return state !== "closed" || flapping !== undefined;
}

/** Seen healthy once, which the next reading confirms or not (ALERTS 11). While it flaps, nothing waits for that. */
export function isHealing({ state, flapping }: Pick<Alert, "state" | "flapping">): boolean {
  return state === "healing" && flapping === undefined;
}

/** An alert before and after an observation; the same object if nothing changed. */
export interface ObservedAlert {
  readonly before: Alert | undefined;
  readonly after: Alert;
}

export const afterOf = ({ after }: ObservedAlert): Alert => after;

export const hasChanged = ({ before, after }: ObservedAlert): boolean => before !== after;

/** True if an alert that was healing is in error again, or on its way. Nobody is told of that (ALERTS 11). */
export function hasReturned({ before, after }: ObservedAlert): boolean {
  return before !== undefined && isHealing(before) && after.state === "open";
}

export function isUnacked(alert: Alert): boolean {
  return isActive(alert) && alert.ack === undefined;
}

/** ALERTS 22. Returns `alert` itself if it is over, or acknowledged already by somebody else or with nothing new. */
export function acknowledge(alert: Alert, ack: Acknowledgement): Alert {
  if (isUnacked(alert)) return { ...alert, ack };
  return alert.ack !== undefined && changesOwnAck(alert, ack) ? { ...alert, ack: changeAck(alert.ack, ack) } : alert;
}

/** True if the alert is acknowledged by this person, who now gives another note or another end. */
export function changesOwnAck(
  alert: Alert,
  { personId, note, until }: Pick<Acknowledgement, "personId" | "note" | "until">,
): boolean {
  return isActive(alert) && alert.ack?.personId === personId && (note !== undefined || until !== undefined);
}

/** An end that has come already is not kept. */
function changeAck({ until: before = 0, ...own }: Acknowledgement, { at, note, notedIn, until }: Acknowledgement) {
  const end = until ?? (before > at ? before : undefined);
  return {
    ...own,
    ...(note !== undefined && { note }),
    ...(note !== undefined && notedIn !== undefined && { notedIn }),
    ...(end !== undefined && { until: end }),
  };
}

/** More are not kept. */
const MAX_PAST_ACKS = 20;

/** Returns `alert` itself if it is not acknowledged. */
export function endAck(alert: Alert, how: EndedAck["how"], endedAt: number): Alert {
  const { ack, pastAcks = [], ...rest } = alert;
  if (ack === undefined) return alert;
  return { ...rest, pastAcks: [...pastAcks, { ...ack, how, endedAt }].slice(-MAX_PAST_ACKS) };
}

/** Since when nobody has it: since it is BAD, or since the last acknowledgement ended. */
export function unackedSince({ badSince, pastAcks = [] }: Alert): number {
  return Math.max(badSince, pastAcks.at(-1)?.endedAt ?? 0);
}

/** Leaves out the alerts of `*` beside an active alert of an item of the same customer and kind (ALERTS 2). */
export function withoutInhibited(alerts: readonly Alert[]): readonly Alert[] {
  const inhibiting = new Set(
    alerts.filter(({ state, key }) => state !== "closed" && key.item !== CUSTOMER_ITEM).map(kindAndCustomer),
  );
  return alerts.filter(
    (alert) => alert.key.item !== CUSTOMER_ITEM || !isActive(alert) || !inhibiting.has(kindAndCustomer(alert)),
  );
}

const kindAndCustomer = ({ key }: Alert): string => `${key.kind} ${key.customerId}`;

/** The number of alerts that opened, re-opened or closed from `since` on, without those of `*` beside an item of the customer (ALERTS 2). */
export function countOpenedOrClosed(alerts: readonly Alert[], since: number): number {
  const changed = alerts.filter(({ badSince, closedAt = 0 }) => Math.max(badSince, closedAt) >= since);
  const ofPackages = new Set(changed.flatMap(({ key }) => (key.item === CUSTOMER_ITEM ? [] : [key.customerId])));
  return changed.filter(({ key }) => key.item !== CUSTOMER_ITEM || !ofPackages.has(key.customerId)).length;
}
