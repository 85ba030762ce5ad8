import type { Alert, AlertKey } from "../alerts/alert.ts";
import { titleOf } from "../customers/customer.ts";
import { addOnDisplayName, packageDisplayName } from "../customers/package-names.ts";
import { CUSTOMER_ITEM, itemOf } from "../customers/record.ts";
import { markTime, type TimeForm } from "./time-mark.ts";

/** `4,200` */
export function formatNumber(count: number): string {
  return count.toLocaleString("en-US");
}

/** `1 customer`, `4,200 customers` */
export function formatCount(count: number, noun: string): string {
  return `${formatNumber(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** `2026-11-23`, in UTC. */
export function formatDay(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** The time of day, preceded by the day if that is not today; as a mark, which is written when the message is rendered. */
export function formatTime(at: number, now: number): string {
  return formatDay(at) === formatDay(now) ? markTime(at, "time") : markTime(at, dayForm(at, now));
}

/** With the year where it is not that of `now`. */
export function dayForm(at: number, now: number): TimeForm {
  const isSameYear = new Date(at).getUTCFullYear() === new Date(now).getUTCFullYear();
  return isSameYear ? "day and time" : "day with year and time";
}

const UNITS = [
  ["d", 86_400],
  ["h", 3_600],
  ["min", 60],
  ["s", 1],
] as const;

/** A duration in its two largest units: `3 h 12 min`. */
export function formatDuration(milliseconds: number): string {
  let rest = Math.max(0, Math.floor(milliseconds / 1000));
  const parts = UNITS.map(([unit, size]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return { count, unit };
  });
  const largest = parts.findIndex(({ count }) => count > 0);
  if (largest === -1) return "0 s";
  return parts
    .slice(largest, largest + 2)
    .filter(({ count }) => count > 0)
    .map(({ count, unit }) => `${count} ${unit}`)
    .join(" ");
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `2 h 10 min`, from milliseconds: without seconds from one minute on, without minutes from one day on. */
export function formatRoughly(duration: number): string {
  const unit = duration < MINUTE ? SECOND : duration < DAY ? MINUTE : HOUR;
  return formatDuration(Math.floor(duration / unit) * unit);
}

interface TitledAlert extends Pick<Alert, "subject"> {
  readonly key: Pick<AlertKey, "item">;
}

/** `Contoso · Meetings`: the subject of an alert, for a line or a button. */
export function alertTitle({ subject, key }: TitledAlert): string {
  return `${titleOf(subject)} · ${itemTitle(key.item)}`;
}

/** The display name of an item; for an unknown one the name of the API. */
function itemTitle(item: string): string {
  if (item === CUSTOMER_ITEM) return "customer";
  const { name, isAddOn } = itemOf(item);
  return isAddOn ? (addOnDisplayName(name) ?? `${name} add-on`) : (packageDisplayName(name) ?? name);
}

/** `alert 1042: Contoso · Meetings` */
export function numberedAlertTitle(alert: Pick<Alert, "id" | "subject" | "key">): string {
  return `alert ${alert.id}: ${alertTitle(alert)}`;
}
