import { type Customer, classOf } from "../customers/customer.ts";
import { CUSTOMER_ITEM } from "../customers/record.ts";
import type { Scope } from "../customers/sweep.ts";
import type { AlertKind } from "./kinds.ts";

/** What an alert is about (ALERTS 1): one package or add-on of a customer by its `itemKey`, or `*`, the customer itself. */
export interface AlertKey {
  readonly scope: Scope;
  readonly customerId: string;
  readonly item: string;
  readonly kind: AlertKind;
}

export type ClosedReason = "recovered" | "customer removed" | "package removed";

/**
 * One stay of a key in trouble, from its opening to its close, with what is remembered of it (ALERTS 8). A key without an
 * alert, or whose last one is closed, is NEW or GOOD. All times are epoch milliseconds, and say when the bot saw it.
 */
export interface Alert {
  /** Its number, which people read and type; counts up, over all scopes. */
  readonly id: number;
  readonly key: AlertKey;
  readonly state: "open" | "healing" | "closed";
  /** Absent until it is closed. */
  readonly reason?: ClosedReason;
  /** Grows with everything that is worth telling: an opening, a failed retry, a close, flapping and its end. */
  readonly generation: number;
  /** "Seen since": never "failed at" (ALERTS 9). */
  readonly openedAt: number;
  /** When it was last opened or re-opened. */
  readonly badSince: number;
  readonly closedAt?: number;
  /** The status before it was bad; absent when it was not known before. */
  readonly previousStatus?: string;
  /** The status in which it was seen last; absent when the item was not there. */
  readonly status?: string;
  /** 1 until somebody tries again; a retry under way counts (ALERTS 10). */
  readonly attempt: number;
  /** How many retries have failed; never falls. */
  readonly failures: number;
  /** Seen moving since it was last seen bad. */
  readonly retrying: boolean;
  /** When the bot first saw it in `status`; kept for kinds that are about the age of a status, such as `stuck` (ALERTS 17). */
  readonly movingSince?: number;
  /** On its way out (`deleting`): no reminders (ALERTS 10). */
  readonly suspended: boolean;
  /** Every re-opening (ALERTS 12). */
  readonly reopenedAt: readonly number[];
  /** Set while it flaps (ALERTS 13). */
  readonly flapping?: Flapping;
  /** From how many complete sweeps in a row the item was absent (ALERTS 14). */
  readonly absentSweeps: number;
  /** The reading in which it was first seen good again: the same one does not count twice (ALERTS 11). */
  readonly healedIn?: number;
  /** Opened silently, because it was there before the bot was (ALERTS 15). */
  readonly baseline: boolean;
  /** How long the bot had been away when it noticed, in milliseconds (ALERTS 16). */
  readonly lateMs?: number;
  readonly ack?: Acknowledgement;
  /** The customer as it was last seen bad, with this item alone: what filters are held against, and what cards show. */
  readonly subject: Customer;
  /** A synthetic alert, for this room alone (`drill`). */
  readonly drill?: string;
}

export interface Flapping {
  readonly since: number;
  /** When it last changed between bad and not bad. */
  readonly changedAt: number;
  /** The reading in which it did: that one does not count as a sighting without change. */
  readonly changedIn?: number;
  /** How many sightings there were since, all the same. */
  readonly unchangedObservations: number;
}

export interface Acknowledgement {
  readonly personId: string;
  /** As people call them. */
  readonly name: string;
  readonly at: number;
  readonly note?: string;
}

/** Ended well. What was only stuck, or warned of, and has failed by now, did not: another alert tells of that (ALERTS 17). */
export function hasRecovered({ reason, key, status = "" }: Alert): boolean {
  return reason === "recovered" && (key.kind === "error" || classOf(status) !== "bad");
}

export function isActive({ state }: Alert): boolean {
  return state !== "closed";
}

/** Somebody takes an alert (ALERTS 22). The very same value when there is nothing to take, or somebody has it already. */
export function acknowledge(alert: Alert, ack: Acknowledgement): Alert {
  return isActive(alert) && alert.ack === undefined ? { ...alert, ack } : alert;
}

/** Without the alerts of customers of which a package is open: that says more, and is told instead (ALERTS 2). */
export function withoutInhibited(alerts: readonly Alert[]): readonly Alert[] {
  const told = new Set(alerts.filter((alert) => isActive(alert) && alert.key.item !== CUSTOMER_ITEM).map(customerOf));
  return alerts.filter((alert) => alert.key.item !== CUSTOMER_ITEM || !isActive(alert) || !told.has(customerOf(alert)));
}

/**
 * How many of these opened, came back or ended just now; the others only look a little different. As people count: a customer
 * is nothing more beside its packages (ALERTS 2).
 */
export function countOpenedOrClosed(alerts: readonly Alert[], now: number): number {
  const news = alerts.filter(({ badSince, closedAt }) => badSince === now || closedAt === now);
  const ofPackages = new Set(news.flatMap(({ key }) => (key.item === CUSTOMER_ITEM ? [] : [key.customerId])));
  return news.filter(({ key }) => key.item !== CUSTOMER_ITEM || !ofPackages.has(key.customerId)).length;
}

const customerOf = ({ key }: Alert): string => `${key.kind} ${key.customerId}`;
