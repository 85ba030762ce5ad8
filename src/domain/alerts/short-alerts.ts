import { alertTitle, formatCount, formatTime } from "../views/text.ts";
import type { AlertsView, Marks } from "../views/views.ts";
import { type Alert, isActive, isHealing } from "./alert.ts";
import { alertCodes } from "./error-codes.ts";
import { KIND_RULES } from "./kinds.ts";
import type { Notice, NoticeKind, ShortAlert } from "./notice.ts";

/** The notices that tell of an entry into BAD. One whose alert is over before it is sent becomes a `came-and-went`. */
const OPENING_KINDS: readonly NoticeKind[] = ["alert", "reopen", "flapping"];

export function isEntry(kind: NoticeKind): boolean {
  return OPENING_KINDS.includes(kind);
}

/** True if this notice of an entry into BAD was not sent before the alert was over. */
export function hasPassed(kind: NoticeKind, alert: Alert): boolean {
  return isEntry(kind) && !isActive(alert);
}

/** The last entry of a closed alert into BAD. */
export function shortAlertOf(alert: Alert): ShortAlert {
  const { key, badSince, closedAt = badSince } = alert;
  return { title: alertTitle(alert), kind: key.kind, codes: alertCodes(alert), from: badSince, to: closedAt };
}

/** An alert that the space is not told of yet and that is healing waits for the next reading (ALERTS 20). */
export function waitsForReading(alert: Alert, kind: NoticeKind): boolean {
  return isHealing(alert) && (kind === "alert" || kind === "reopen");
}

const MAX_LINES = 10;

/** A line for each of these alerts, oldest first; those that are too many are counted by code. */
export function cameAndWentLines(alerts: readonly ShortAlert[], now: number): readonly string[] {
  const oldestFirst = alerts.toSorted((a, b) => a.from - b.from);
  const rest = oldestFirst.slice(MAX_LINES);
  return [
    ...oldestFirst.slice(0, MAX_LINES).map((one) => `Came and went: ${describe(one, now)}`),
    ...(rest.length === 0 ? [] : [`And ${rest.length} more came and went: ${countsByCode(rest)}`]),
  ];
}

/** `Firm 030 · Calling · 7000 · 18:20–18:24 UTC, again from 18:30 UTC` */
function describe({ title, kind, codes, from, to, againFrom }: ShortAlert, now: number): string {
  const about = kind === "error" ? [] : [KIND_RULES[kind].words.counted];
  const line = [title, ...about, codes.join(", ") || "without a code", timeSpan(from, to, now)].join(" · ");
  return againFrom === undefined ? line : `${line}, again from ${formatTime(againFrom, from)}`;
}

function timeSpan(from: number, to: number, now: number): string {
  return `${formatTime(from, now)}–${formatTime(to, from)}`;
}

function countsByCode(alerts: readonly ShortAlert[]): string {
  const counts = new Map<string, number>();
  for (const { codes } of alerts) {
    const code = codes[0] === undefined ? "without a code" : `code ${codes[0]}`;
    counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([code, count]) => `${code} ×${count}`)
    .join(", ");
}

/** The message of its own, where no other message followed within an hour. Its lines are among the marks. */
export function cameAndWentView(notices: readonly Notice[], marks: Marks, now: number): AlertsView {
  return {
    kind: "alerts",
    marks,
    now,
    tone: "info",
    title: `${formatCount(notices.length, "alert")} came and went`,
    lines: ["Over again before this space could be told."],
    groups: [],
    more: 0,
    buttons: [],
  };
}
