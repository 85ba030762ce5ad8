import { mega, tableOf, whole } from "../write.ts";
import type { Soaked, SoakedDay } from "./soak.ts";

/** The tables of which rows come with every change; the others have as many as there are customers and spaces. */
const TABLES = ["customers", "alerts", "announced", "outbox", "cards", "inbox", "sweeps", "transitions"];

/** What was found, as Markdown: a row for each day, and one for what a leap behind every retention leaves. */
export function writeSoaked({ days, faults, afterLeap }: Soaked): string {
  const header = [
    "day",
    "messages by space",
    "of them repeated",
    "sweeps",
    "tidied",
    "in agreement",
    "heap",
    ...TABLES,
  ];
  const rowsOf = (rows: SoakedDay["rows"]) => TABLES.map((name) => whole(rows[name] ?? 0));
  const rows = days.map((day) => [
    `${day.day}`,
    day.messages.join(" / "),
    whole(day.repeated),
    whole(day.sweeps),
    whole(day.tidied),
    `${day.verdicts.filter(isInAgreement).length} of ${day.verdicts.length}`,
    mega(day.heap),
    ...rowsOf(day.rows),
  ]);
  const leapt = afterLeap === undefined ? [] : [["+95 days", "", "", "", "", "", "", ...rowsOf(afterLeap)]];
  const laws = faults.length === 0 ? "No law was broken." : faults.map((fault) => `- ${fault}`).join("\n");
  return `${tableOf(header, [...rows, ...leapt])}\n\n${laws}\n`;
}

export const isInAgreement = (verdict: string): boolean => /(?<!Not )\bIn agreement/.test(verdict);
