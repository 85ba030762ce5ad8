import type { PostedCard } from "../ports/messaging.ts";
import { formatCount, formatTime } from "../views/text.ts";
import type { AlertGroup, AlertsView, AlertUpdate, AlertView, Marks, View } from "../views/views.ts";
import { type Alert, hasRecovered, isActive } from "./alert.ts";
import { alertButtons, groupButtons, SHOW_ALL } from "./alert-buttons.ts";
import { alertCodes, codeCounts, commonCause } from "./error-codes.ts";
import { ALERT_KINDS, KIND_RULES } from "./kinds.ts";
import { activeMute } from "./mute.ts";
import { type NotifiedState, notifiedStateOf, type WatchingRoom } from "./reconcile.ts";

/** A message that no command asked for. */
export interface RenderedMessage {
  readonly view: View;
  /** The root of the thread that it replies to; absent for a new root message. */
  readonly threadId?: string;
  /** The message that it edits; absent for a new message. */
  readonly editOf?: string;
}

export interface MessageContext {
  readonly marks: Marks;
  readonly now: number;
}

export interface CardContext {
  /** Absent for a message to a person. */
  readonly room?: Pick<WatchingRoom, "roomId" | "mutes"> | undefined;
  readonly marks?: Marks;
  readonly now: number;
}

export function buildAlertView(
  alert: Alert,
  update: AlertUpdate,
  { room, marks = {}, now }: CardContext,
  facts: AlertView["facts"] = [],
): AlertView {
  const mute = room && isActive(alert) ? activeMute(alert, room.mutes, now) : undefined;
  return {
    kind: "alert",
    update,
    alert: withNoteFor(room?.roomId, alert),
    marks,
    now,
    facts,
    ...(mute !== undefined && { muted: { until: mute.until, by: mute.by } }),
    buttons: room === undefined ? [] : alertButtons(alert, mute),
  };
}

/** The note of an acknowledgement is for the space in which it was written (ALERTS 22). */
function withNoteFor(roomId: string | undefined, alert: Alert): Alert {
  const { ack } = alert;
  if (ack?.note === undefined || ack.notedIn === roomId) return alert;
  const { note: _note, notedIn: _notedIn, ...rest } = ack;
  return { ...alert, ack: rest };
}

/** Several alerts on one card, grouped by error code (ALERTS 21); those that flap are a group of their own (ALERTS 13). */
export function buildAlertsView(alerts: readonly Alert[], { room, marks = {}, now }: CardContext): AlertsView {
  const { open, flapping, ended } = byState(alerts);
  const common = commonCause(open);
  return {
    kind: "alerts",
    marks,
    now,
    lines: [],
    tone: toneOf({ open, flapping }),
    title: headline({ open, flapping, ended }, common),
    ...limitRows([...trackedGroups({ open, flapping }), ...endedGroups(ended)]),
    buttons: groupButtons([...open, ...flapping], { commonCode: common, room, now }),
  };
}

export interface AlertsByState {
  readonly open: readonly Alert[];
  readonly flapping: readonly Alert[];
  readonly ended: readonly Alert[];
}

/** By the state that a space is told. */
export function byState(alerts: readonly Alert[]): AlertsByState {
  const inState = (state: NotifiedState["state"]) => alerts.filter((alert) => notifiedStateOf(alert) === state);
  return { open: inState("open"), flapping: inState("flapping"), ended: inState("closed") };
}

type TrackedByState = Pick<AlertsByState, "open" | "flapping">;

export function toneOf({ open, flapping }: TrackedByState): AlertsView["tone"] {
  if (open.length > 0) return "bad";
  return flapping.length > 0 ? "warning" : "good";
}

export function trackedGroups({ open, flapping }: TrackedByState): readonly AlertGroup[] {
  return [...groupByCode(open), ...(flapping.length === 0 ? [] : [{ title: "Flapping", alerts: flapping }])];
}

/** True also for a card whose record is lost. */
export function isPossiblyAlertCard({ kind }: Pick<PostedCard, "kind">): boolean {
  return kind === "alert" || kind === "alerts" || kind === "storm" || kind === "unknown";
}

/** The alerts opened, closed and still open since `since`, and how many are acknowledged: for `handover` and the daily digest. */
export function buildActivityView(
  title: string,
  alerts: readonly Alert[],
  { since, now, marks = {} }: { readonly since: number; readonly now: number; readonly marks?: Marks },
): AlertsView {
  const { open, flapping, ended } = byState(alerts);
  const opened = open.filter((alert) => hasOpenedSince(alert, since));
  const older = open.filter((alert) => !hasOpenedSince(alert, since));
  const closed = ended.filter(({ closedAt = 0 }) => closedAt >= since);
  const tracked = [...open, ...flapping];
  const acked = tracked.filter(({ ack }) => ack !== undefined).length;
  return {
    kind: "alerts",
    marks,
    now,
    tone: "info",
    title: `${title}: ${describeTracked({ open, flapping })}`,
    lines: [
      `Since ${formatTime(since, now)}: ${opened.length} opened and still open, ${closed.length} over. ${older.length} open from before. ${acked} of ${tracked.length} acknowledged.`,
      ...oldestLine(open, now),
    ],
    ...limitRows([
      { title: "Opened", alerts: opened },
      { title: "Open from before", alerts: older },
      { title: "Flapping", alerts: flapping },
      { title: "Over", alerts: closed },
    ]),
    buttons: tracked.length === 0 ? [] : [SHOW_ALL],
  };
}

/** False for what was bad before the bot or the watch came: it opened silently, and nobody saw it open (ALERTS 15). */
function hasOpenedSince({ badSince, baseline, reopenedAt }: Alert, since: number): boolean {
  return badSince >= since && (!baseline || reopenedAt.length > 0);
}

function oldestLine(open: readonly Alert[], now: number): readonly string[] {
  const oldest = open.reduce<Alert | undefined>(
    (first, alert) => (first === undefined || alert.openedAt < first.openedAt ? alert : first),
    undefined,
  );
  return oldest === undefined ? [] : [`Oldest: alert ${oldest.id}, since ${formatTime(oldest.openedAt, now)}.`];
}

/** As many as a phone shows; "Show all" has the rest. */
const MAX_ROWS = 10;

/** The first rows of these groups, and the number of the others. */
export function limitRows(groups: readonly AlertGroup[]): Pick<AlertsView, "groups" | "more"> {
  let left = MAX_ROWS;
  const shown = groups.map((group) => {
    const alerts = group.alerts.slice(0, left);
    left -= alerts.length;
    return { ...group, alerts };
  });
  const all = groups.reduce((sum, { alerts }) => sum + alerts.length, 0);
  return { groups: shown.filter(({ alerts }) => alerts.length > 0), more: Math.max(0, all - MAX_ROWS) };
}

function headline({ open, flapping, ended }: AlertsByState, common: number | undefined): string {
  if (open.length + flapping.length === 0) return describeEnded(ended, "package");
  const rest = ended.length === 0 ? "" : `, ${describeEnded(ended)}`;
  const count = `${describeTracked({ open, flapping })}${rest}`;
  return common === undefined ? count : `${count}, common cause: code ${common}`;
}

/** `3 packages in error, 1 flapping`, or `1 package flapping` alone. */
export function describeTracked({ open, flapping }: TrackedByState, how?: "already" | "still"): string {
  if (flapping.length === 0) return describeOpen(open, how);
  if (open.length === 0) return `${formatCount(flapping.length, "package")}${how === "still" ? " still" : ""} flapping`;
  return `${describeOpen(open, how)}, ${flapping.length} flapping`;
}

/** `3 packages in error, 1 stuck`: counted by kind (ALERTS 17). With `still`: `3 packages still in error`. */
function describeOpen(open: readonly Alert[], how?: "already" | "still"): string {
  const [first, ...others] = ALERT_KINDS.flatMap((kind) => {
    const count = open.filter(({ key }) => key.kind === kind).length;
    return count === 0 ? [] : [{ count, words: KIND_RULES[kind].words.counted }];
  });
  const { count = 0, words = KIND_RULES.error.words.counted } = first ?? {};
  return [
    [formatCount(count, "package"), how, words].filter((word) => word !== undefined).join(" "),
    ...others.map((other) => `${other.count} ${other.words}`),
  ].join(", ");
}

/** `3 packages recovered`, or `3 recovered` without a noun. */
function describeEnded(ended: readonly Alert[], noun?: string): string {
  const count = noun === undefined ? ended.length : formatCount(ended.length, noun);
  return `${count} ${ended.every(hasRecovered) ? "recovered" : "over"}`;
}

/** Each alert under its first code. Groups with errors come first, then the most frequent code. */
function groupByCode(alerts: readonly Alert[]): readonly AlertGroup[] {
  const codes = [...codeCounts(alerts).map(({ code }) => code), undefined];
  const groups = codes.flatMap((code) => {
    const matching = alerts.filter((alert) => alertCodes(alert)[0] === code);
    return matching.length === 0
      ? []
      : [{ title: code === undefined ? "Without a code" : `Code ${code}`, alerts: matching }];
  });
  return groups.sort((a, b) => Number(hasErrors(b)) - Number(hasErrors(a)));
}

const hasErrors = ({ alerts }: AlertGroup): boolean => alerts.some(({ key }) => key.kind === "error");

export function endedGroups(ended: readonly Alert[]): readonly AlertGroup[] {
  const removed = ended.filter(({ reason }) => reason !== "recovered");
  const failed = ended.filter((alert) => alert.reason === "recovered" && !hasRecovered(alert));
  return [
    { title: "Recovered", alerts: ended.filter(hasRecovered) },
    { title: "In error now", alerts: failed },
    { title: "Removed", alerts: removed },
  ].filter((group) => group.alerts.length > 0);
}
