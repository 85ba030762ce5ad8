import type { PostedCard } from "../ports/messaging.ts";
import { formatCount, formatTime } from "../views/text.ts";
import type { AlertGroup, AlertsView, AlertUpdate, AlertView, Marks, View } from "../views/views.ts";
import { type Alert, isActive, isHealthyNow } from "./alert.ts";
import { alertButtons, groupButtons, listButtons } from "./alert-buttons.ts";
import { alertCodes, type CodeMemory, codeCounts, commonCause } from "./error-codes.ts";
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
  /** The bot’s memory of the code, for a card of one alert. */
  readonly memory?: CodeMemory | undefined;
  readonly now: number;
}

export function buildAlertView(
  alert: Alert,
  update: AlertUpdate,
  { room, marks = {}, memory, now }: CardContext,
  facts: AlertView["facts"] = [],
): AlertView {
  const mute = room && isActive(alert) ? activeMute(alert, room.mutes, now) : undefined;
  return {
    kind: "alert",
    update,
    alert: withNoteFor(room?.roomId, alert),
    memory,
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

type Updates = NonNullable<AlertsView["updates"]>;

/**
 * Several alerts on one card, grouped by error code, each with its news (ALERTS 21); those that flap are a group of their own
 * (ALERTS 13).
 */
export function buildAlertsView(
  alerts: readonly Alert[],
  { room, marks = {}, now }: CardContext,
  updates: Updates = {},
): AlertsView {
  const { open, flapping, ended } = byState(alerts);
  const common = commonCause(open);
  return {
    kind: "alerts",
    marks,
    now,
    lines: [],
    updates,
    tone: toneOf({ open, flapping, ended }),
    title: headline({ open, flapping, ended }, updates, common),
    commonCode: common,
    ...limitRows(trackedGroups({ open, flapping }), endedGroups(ended)),
    buttons: groupButtons(alerts, { commonCode: common, room, now }),
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

export function toneOf({ open, flapping, ended }: AlertsByState): AlertsView["tone"] {
  if (open.length > 0 || ended.some(({ seenNow }) => seenNow?.class === "bad")) return "bad";
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
    ...limitRows(
      [
        { title: "Opened", alerts: opened },
        { title: "Open from before", alerts: older },
        { title: "Flapping", alerts: flapping },
      ],
      [{ title: "Over", alerts: closed }],
    ),
    buttons: listButtons([...tracked, ...closed]),
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
const MAX_TRACKED = 10;
/** Alerts that are over are news that no other card repeats, so more of them are listed; "Show recovered" has the rest. */
const MAX_ENDED = 20;

/** The first rows of these groups, and the number of the others. */
export function limitRows(
  tracked: readonly AlertGroup[],
  ended: readonly AlertGroup[] = [],
): Pick<AlertsView, "groups" | "more"> {
  const shown = [...firstRows(tracked, MAX_TRACKED), ...firstRows(ended, MAX_ENDED)];
  return { groups: shown, more: countRows([...tracked, ...ended]) - countRows(shown) };
}

function firstRows(groups: readonly AlertGroup[], most: number): readonly AlertGroup[] {
  let left = most;
  const shown = groups.map((group) => {
    const alerts = group.alerts.slice(0, left);
    left -= alerts.length;
    return { ...group, alerts };
  });
  return shown.filter(({ alerts }) => alerts.length > 0);
}

const countRows = (groups: readonly AlertGroup[]): number => groups.reduce((sum, { alerts }) => sum + alerts.length, 0);

function headline({ open, flapping, ended }: AlertsByState, updates: Updates, common: number | undefined): string {
  if (open.length + flapping.length === 0) return describeEnded(ended, "package");
  const rest = ended.length === 0 ? "" : `, ${describeEnded(ended)}`;
  const count = `${describeTracked({ open, flapping })}${describeNews(open, updates)}${rest}`;
  return common === undefined ? count : `${count}, common cause: code ${common}`;
}

const NEWS: readonly (readonly [AlertUpdate, string, string])[] = [
  ["opened", "new", "new"],
  ["retry failed", "retry failed", "retries failed"],
  ["re-opened", "re-opened", "re-opened"],
  ["flapping-end", "no longer flapping", "no longer flapping"],
];

/** ` (1 new, 2 retries failed)`, where not all of them are new. */
function describeNews(open: readonly Alert[], updates: Updates): string {
  const counts = NEWS.map(([update, one, several]) => {
    const count = open.filter(({ id }) => updates[id] === update).length;
    return { update, count, words: count === 1 ? one : several };
  }).filter(({ count }) => count > 0);
  if (counts.every(({ update }) => update === "opened")) return "";
  return ` (${counts.map(({ count, words }) => `${count} ${words}`).join(", ")})`;
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
  return `${count} ${ended.every(isHealthyNow) ? "recovered" : "over"}`;
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
  const unhealthy = ended.filter((alert) => alert.reason === "recovered" && !isHealthyNow(alert));
  return [
    { title: "Recovered", alerts: ended.filter(isHealthyNow) },
    { title: "Not healthy now", alerts: unhealthy },
    { title: "Removed", alerts: removed },
  ].filter((group) => group.alerts.length > 0);
}
