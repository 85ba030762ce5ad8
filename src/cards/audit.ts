import { type AuditRow, outcomeTitle, whoTitle } from "../domain/audit.ts";
import type { AuditView } from "../domain/views/views.ts";
import { type DetailLevel, takeFirst } from "./detail-level.ts";
import { type ButtonData, buttonData, commandLines, DOT, NBSP } from "./elements.ts";
import { scopeText } from "./freshness.ts";
import { inLine, plain, shortenWords, withBreakPoints } from "./plain-text.ts";
import {
  CARD_TIME_FORMAT,
  COLOURS,
  counted,
  digits,
  GLYPHS,
  joinNonEmpty,
  type TimeFormat,
  type Tone,
  textTimeFormat,
} from "./words.ts";

interface AuditData {
  readonly range: string;
  readonly lines: readonly { readonly text: string }[];
  readonly isEmpty: boolean;
  readonly emptyText: string;
  readonly groups: readonly { readonly time: string; readonly rows: readonly RowData[] }[];
  readonly hasMore: boolean;
  readonly more: string;
  readonly buttons: readonly ButtonData[];
}

interface RowData {
  readonly who: string;
  readonly role: string;
  readonly text: string;
  readonly outcome: string;
  readonly color: string;
  readonly where: string;
}

/** Newest first, grouped by the minute. */
export function auditCard(view: AuditView, detail: DetailLevel): AuditData {
  const { shown, more } = takeFirst(view.rows, detail.steps);
  const times = [...new Set(shown.map(minuteOf))];
  return {
    range: rangeOf(view),
    lines: linesOf(view, detail).map((text) => ({ text })),
    isEmpty: shown.length === 0,
    emptyText: EMPTY,
    groups: times.map((time) => ({
      time: CARD_TIME_FORMAT.dateTime(time),
      rows: shown.filter((row) => minuteOf(row) === time).map((row) => rowData(row, detail)),
    })),
    hasMore: more > 0,
    more: `and ${more} more`,
    buttons: buttonData(view.buttons),
  };
}

export function auditText(view: AuditView, detail: DetailLevel): string {
  const times = textTimeFormat(view.now);
  const { shown, more } = takeFirst(view.rows, detail.items);
  return [
    `Audit: ${rangeOf(view)}`,
    ...linesOf(view, detail),
    ...(shown.length === 0 ? [EMPTY] : []),
    ...shown.map((row) => rowText(row, times, detail)),
    ...(more > 0 ? [`and ${more} more`] : []),
    ...commandLines(view.buttons),
  ].join("\n");
}

const EMPTY = "No row matches. Rows are kept for 400 days.";

function rowData(row: AuditRow, detail: DetailLevel): RowData {
  const tone = toneOf(row);
  return {
    who: shortenWords(inLine(whoTitle(row), detail.title)),
    role: roleOf(row),
    text: withBreakPoints(commandOf(row, detail)),
    outcome: `${GLYPHS[tone]}${NBSP}${plain(outcomeTitle(row), 80)}`,
    color: COLOURS[tone],
    where: whereOf(row)
      .map((part) => `${DOT}${part}`)
      .join(""),
  };
}

function rowText(row: AuditRow, times: TimeFormat, detail: DetailLevel): string {
  const who = `${inLine(whoTitle(row), detail.title)}${roleOf(row)}`;
  const rest = [plain(outcomeTitle(row), 80), ...whereOf(row)];
  return `${times.dateTime(row.at)}: ${who}: ${commandOf(row, detail)} · ${rest.join(" · ")}`;
}

function roleOf({ who, role }: AuditRow): string {
  return who.is === "the bot" || role === "unknown" ? "" : ` (${role})`;
}

/** A question that was not understood, ignored, or never read has no command. */
function commandOf({ text }: AuditRow, detail: DetailLevel): string {
  return plain(text, detail.text) || "no command";
}

function whereOf({ space, roomId, isPress }: AuditRow): readonly string[] {
  const place = inLine(space, 60) || (roomId === "" ? "" : "a space without a title");
  return [...(place === "" ? [] : [place]), ...(isPress ? ["pressed"] : [])];
}

function toneOf({ outcome }: AuditRow): Tone {
  if (outcome === "refused") return "warning";
  if (outcome === "failed" || outcome === "unanswered") return "bad";
  return outcome === "answered" || outcome === "done" || outcome === "started" ? "good" : "quiet";
}

function minuteOf({ at }: AuditRow): number {
  return at - (at % 60_000);
}

function rangeOf({ total, page, pages, subpartner }: AuditView): string {
  const pageText = pages === 1 ? "" : `page ${digits(page)} of ${digits(pages)}`;
  return joinNonEmpty([counted(total, "row"), scopeText(subpartner), pageText], " · ");
}

function linesOf({ filter, notes }: AuditView, detail: DetailLevel): readonly string[] {
  const lines = [...(filter === "" ? [] : [`Filter: ${filter}`]), ...notes];
  return lines.map((line) => plain(line, detail.text));
}
