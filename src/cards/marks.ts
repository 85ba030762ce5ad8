import { type Alert, isActive, isHealing } from "../domain/alerts/alert.ts";
import { formatRoughly } from "../domain/views/text.ts";
import type { Marks } from "../domain/views/views.ts";
import type { DetailLevel } from "./detail-level.ts";
import { plain } from "./plain-text.ts";
import { joinNonEmpty, type Tone } from "./words.ts";

/** In front of every text about a drill. */
export const DRILL = "DRILL – this is a test";

/** The container style of the head of an alert card. */
export const HEADER_STYLES = {
  bad: "attention",
  warning: "warning",
  moving: "accent",
  good: "good",
  quiet: "emphasis",
} as const satisfies Record<Tone, string>;

/** `(possibly repeated) ✕ Error` where the message may have been posted before (ALERTS 28). */
export function withRepeatMark({ possiblyRepeated }: Marks, title: string): string {
  return possiblyRepeated ? `(possibly repeated) ${title}` : title;
}

/** The first line of a text, which a locked phone shows: a drill is marked in front. */
export function firstLine(marks: Marks, isDrill: boolean, line: string): string {
  return joinNonEmpty([isDrill ? `${DRILL}:` : "", withRepeatMark(marks, line)], " ");
}

export function isDrill(alerts: readonly Alert[]): boolean {
  return alerts.length > 0 && alerts.every(({ drill }) => drill !== undefined);
}

export function markLines(
  { wasMuted, newestInThread, cameAndWent = [] }: Marks,
  detail: DetailLevel,
): readonly string[] {
  return [
    ...(wasMuted ? ["Was muted: the mute has ended."] : []),
    ...(newestInThread
      ? ["This card is edited no more for now: newer changes are in its thread or in later messages."]
      : []),
    ...cameAndWent.map((line) => plain(line, detail.text)),
  ];
}

export function alertNotes(alert: Alert): readonly string[] {
  const { flapping, suspended, lateMs, baseline } = alert;
  const isOpen = isActive(alert);
  const notes = [
    flapping !== undefined && "Changes too often: no further messages until it is stable.",
    isHealing(alert) && "Seen healthy once. It counts as recovered when the next reading confirms it.",
    isOpen && suspended && "Being deleted: no reminders.",
    lateMs !== undefined && `Noticed late: the bot was away for ${formatRoughly(lateMs)}.`,
    isOpen && baseline && "It was already so when monitoring began.",
  ];
  return notes.filter((note) => note !== false);
}
