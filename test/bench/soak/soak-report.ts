import { formatCount, formatMegabytes, markdownTable } from "../report.ts";
import type { SoakDay, SoakResult } from "./soak.ts";

/** The tables of which rows come with every change; the others have as many as there are customers and spaces. */
const TABLES = ["customers", "alerts", "notifiedStates", "outbox", "cards", "inbox", "sweeps", "transitions"];

/** The results as Markdown: a row for each day, and one for what is left after the clock was put behind every retention. */
export function writeSoakReport({ days, brokenLaws, afterRetention }: SoakResult): string {
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
  const rowsOf = (rows: SoakDay["rows"]) => TABLES.map((name) => formatCount(rows[name] ?? 0));
  const rows = days.map((day) => [
    `${day.day}`,
    day.messages.join(" / "),
    formatCount(day.repeated),
    formatCount(day.sweeps),
    formatCount(day.tidied),
    `${day.verdicts.filter(isInAgreement).length} of ${day.verdicts.length}`,
    formatMegabytes(day.heap),
    ...rowsOf(day.rows),
  ]);
  const retained =
    afterRetention === undefined ? [] : [["+95 days", "", "", "", "", "", "", ...rowsOf(afterRetention)]];
  const laws = brokenLaws.length === 0 ? "No law was broken." : brokenLaws.map((fault) => `- ${fault}`).join("\n");
  return `${markdownTable(header, [...rows, ...retained])}\n\n${laws}\n`;
}

export const isInAgreement = (verdict: string): boolean => /(?<!Not )\bIn agreement/.test(verdict);
