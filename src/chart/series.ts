import type { CustomerCount, TrendDay } from "../domain/ports/snapshot.ts";
import { dayNumber } from "./scale.ts";

/** One band of the chart; the first stands on the base line, where small changes show best. */
export interface Series {
  readonly label: string;
  readonly colour: string;
  readonly includes: (status: string) => boolean;
}

/** The colours of Webex on white. What is neither well nor ill is under way, statuses of tomorrow too. */
export const SERIES: readonly Series[] = [
  { label: "Error", colour: "#AB0A15", includes: (status) => status === "error" },
  { label: "With errors", colour: "#F2990A", includes: (status) => status === "provisioned_with_errors" },
  { label: "Under way", colour: "#64B4FA", includes: isUnderWay },
  { label: "Provisioned", colour: "#185E46", includes: (status) => status === "provisioned" },
];

/** A day of the chart: its number, and how many customers each series had. */
export interface Day {
  readonly number: number;
  readonly counts: readonly number[];
}

/** The last days, at most `most` of the calendar; days of which nothing is known stay away. */
export function lastDays(days: readonly TrendDay[], most: number): readonly Day[] {
  const read = days
    .map(({ day, byStatus }) => ({
      number: dayNumber(day),
      counts: SERIES.map((one) => countOf(byStatus, one)),
    }))
    .filter(({ number }) => Number.isInteger(number))
    .toSorted((a, b) => a.number - b.number);
  const last = read.at(-1)?.number ?? 0;
  return read.filter(({ number }) => number > last - most);
}

function countOf(byStatus: readonly CustomerCount[], { includes }: Series): number {
  return byStatus.reduce((sum, { key, customers }) => (includes(key) ? sum + customers : sum), 0);
}

function isUnderWay(status: string): boolean {
  return !["error", "provisioned_with_errors", "provisioned"].includes(status);
}
