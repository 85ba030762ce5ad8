import { format } from "../commands/format.ts";
import { titleOf } from "../customers/customer.ts";
import type { Filter } from "../customers/filter.ts";
import type { NotifiedAlert } from "../ports/alerting.ts";
import type { PostedCard } from "../ports/messaging.ts";
import { formatCount, formatTime } from "../views/text.ts";
import type { AlertGroup, AlertsView, AlertUpdate, AlertView, Button, Marks, StormView, View } from "../views/views.ts";
import { type Alert, hasRecovered, isActive } from "./alert.ts";
import { alertCodes, codeCounts, commonCause } from "./error-codes.ts";
import type { Storm } from "./grouping.ts";
import { ALERT_KINDS, KIND_RULES } from "./kinds.ts";
import { activeMute, type Mute } from "./mute.ts";
import type { WatchingRoom } from "./reconcile.ts";

/** A message that no command asked for. */
export interface RenderedMessage {
  readonly view: View;
  /** The root of the thread that it replies to; absent for a new root message. */
  readonly threadId?: string;
}

export interface MessageContext {
  readonly marks: Marks;
  readonly now: number;
}

interface CardContext {
  /** Absent for a message to a person. */
  readonly room?: Pick<WatchingRoom, "mutes"> | undefined;
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
    alert,
    marks,
    now,
    facts,
    ...(mute !== undefined && { muted: { until: mute.until, by: mute.by } }),
    buttons: room === undefined ? [] : alertButtons(alert, mute),
  };
}

/** Several alerts on one card, grouped by error code (ALERTS 21). */
export function buildAlertsView(alerts: readonly Alert[], { marks = {}, now }: CardContext): AlertsView {
  const open = alerts.filter(isActive);
  const common = commonCause(open);
  return {
    kind: "alerts",
    marks,
    now,
    lines: [],
    tone: open.length > 0 ? "bad" : "good",
    title: headline(open, alerts, common),
    ...limitRows([...groupByCode(open), ...endedGroups(alerts)]),
    buttons: groupButtons(open, common),
  };
}

/** Totals of the alerts that are still open, and the customers with the most of them (ALERTS 21). */
export function buildStormView(
  alerts: readonly Alert[],
  storm: Storm | undefined,
  { marks = {}, now }: CardContext,
): StormView {
  const open = alerts.filter(isActive);
  const common = commonCause(open.length > 0 ? open : alerts);
  return {
    kind: "storm",
    state: "active",
    marks,
    now,
    since: storm?.since ?? now,
    what: describeKinds(alerts),
    notified: alerts.length,
    open: open.length,
    acked: open.filter(({ ack }) => ack !== undefined).length,
    customers: new Set(alerts.map(({ key }) => key.customerId)).size,
    byPackage: packageCounts(open),
    byCode: codeCounts(open).slice(0, 8),
    worst: worstCustomers(open),
    ...(common !== undefined && { commonCode: common }),
    buttons: stormButtons(common),
  };
}

/** An alert card that was posted as `kind`, rebuilt from the present state of the same alerts. */
export function buildRefreshedView(
  { kind }: Pick<PostedCard, "kind">,
  shown: readonly NotifiedAlert[],
  context: CardContext,
): View {
  const alerts = shown.map(({ alert }) => alert);
  const [only] = alerts;
  if (kind === "storm") return buildStormView(alerts, reconstructStorm(shown, context.now), context);
  if (only !== undefined && alerts.length === 1 && kind !== "alerts") return buildAlertView(only, "current", context);
  return buildAlertsView(alerts, context);
}

/** The start of the storm is the first time that the space was notified of one of its alerts. */
function reconstructStorm(shown: readonly NotifiedAlert[], now: number): Storm {
  const notifiedAt = shown.map(({ notified }) => notified.notifiedAt);
  const [messageId = ""] = shown.map(({ notified }) => notified.messageId);
  return { since: Math.min(now, ...notifiedAt), messageId, lastAt: Math.max(0, ...notifiedAt) };
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
  const open = alerts.filter(isActive);
  const opened = open.filter(({ badSince }) => badSince >= since);
  const older = open.filter(({ badSince }) => badSince < since);
  const closed = alerts.filter((alert) => !isActive(alert) && (alert.closedAt ?? 0) >= since);
  const acked = open.filter(({ ack }) => ack !== undefined).length;
  return {
    kind: "alerts",
    marks,
    now,
    tone: "info",
    title: `${title}: ${describeOpen(open)}`,
    lines: [
      `Since ${formatTime(since, now)}: ${opened.length} opened and still open, ${closed.length} over. ${older.length} open from before. ${acked} of ${open.length} acknowledged.`,
      ...oldestLine(open, now),
    ],
    ...limitRows([
      { title: "Opened", alerts: opened },
      { title: "Open from before", alerts: older },
      { title: "Over", alerts: closed },
    ]),
    buttons: open.length === 0 ? [] : [SHOW_ALL],
  };
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

function headline(open: readonly Alert[], all: readonly Alert[], common: number | undefined): string {
  const ended = all.filter((alert) => !isActive(alert));
  if (open.length === 0) return describeEnded(ended, "package");
  const rest = ended.length === 0 ? "" : `, ${describeEnded(ended)}`;
  const count = `${describeOpen(open)}${rest}`;
  return common === undefined ? count : `${count}, common cause: code ${common}`;
}

/** `3 packages in error, 1 stuck`: counted by kind (ALERTS 17). With `still`: `3 packages still in error`. */
export function describeOpen(open: readonly Alert[], how?: "already" | "still"): string {
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

/** `in error`, or `in error or stuck` for alerts of both kinds. */
function describeKinds(alerts: readonly Alert[]): string {
  const kinds = new Set(alerts.map(({ key }) => key.kind));
  return ALERT_KINDS.flatMap((kind) => (kinds.has(kind) ? [KIND_RULES[kind].words.counted] : [])).join(" or ");
}

/** `3 packages recovered`, or `3 recovered` without a noun. */
function describeEnded(ended: readonly Alert[], noun?: string): string {
  const count = noun === undefined ? ended.length : formatCount(ended.length, noun);
  return `${count} ${ended.every(hasRecovered) ? "recovered" : "over"}`;
}

/** Each alert under its first code. Groups with errors come first, then the most frequent code. */
export function groupByCode(alerts: readonly Alert[]): readonly AlertGroup[] {
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

function endedGroups(alerts: readonly Alert[]): readonly AlertGroup[] {
  const ended = alerts.filter((alert) => !isActive(alert));
  const removed = ended.filter(({ reason }) => reason !== "recovered");
  const failed = ended.filter((alert) => alert.reason === "recovered" && !hasRecovered(alert));
  return [
    { title: "Recovered", alerts: ended.filter(hasRecovered) },
    { title: "In error now", alerts: failed },
    { title: "Removed", alerts: removed },
  ].filter((group) => group.alerts.length > 0);
}

function packageCounts(alerts: readonly Alert[]): StormView["byPackage"] {
  const counts = new Map<string, number>();
  for (const { key } of alerts) counts.set(key.item, (counts.get(key.item) ?? 0) + 1);
  return [...counts].map(([item, count]) => ({ item, count })).sort((a, b) => b.count - a.count);
}

const MAX_WORST = 10;

function worstCustomers(alerts: readonly Alert[]): StormView["worst"] {
  const byCustomer = new Map<string, [Alert, ...Alert[]]>();
  for (const alert of alerts) {
    const known = byCustomer.get(alert.key.customerId);
    if (known === undefined) byCustomer.set(alert.key.customerId, [alert]);
    else known.push(alert);
  }
  return [...byCustomer.values()]
    .sort((a, b) => b.length - a.length)
    .slice(0, MAX_WORST)
    .map((own) => ({
      title: titleOf(own[0].subject),
      packages: own.map(({ key }) => key.item),
      codes: [...new Set(own.flatMap(alertCodes))],
    }));
}

const HOUR = 3_600_000;

export const SHOW_ALL: Button = {
  title: "Show all",
  command: format({ name: "alerts", filter: [], page: 1 }),
  main: true,
};

function alertButtons(alert: Alert, mute: Mute | undefined): readonly Button[] {
  const { id, key, ack, drill } = alert;
  if (drill !== undefined) return isActive(alert) && ack === undefined ? [ackButton(id)] : [];
  const ref = { by: "id", value: key.customerId } as const;
  const open: Button = {
    title: "Open customer",
    command: format({ name: "customer", ref, fresh: false }),
    main: true,
  };
  if (!isActive(alert)) return [open, { title: "History", command: format({ name: "history", ref }) }];
  return [
    open,
    ...(ack === undefined ? [ackButton(id)] : []),
    mute === undefined ? muteButton(id) : unmuteButton(mute),
  ];
}

const MAX_LISTED = 20;

export function groupButtons(alerts: readonly Alert[], commonCode: number | undefined): readonly Button[] {
  const unacknowledged = alerts.filter((alert) => isActive(alert) && alert.ack === undefined).map(({ id }) => id);
  // The command of a button has a limited length.
  const which = unacknowledged.length > MAX_LISTED ? "all" : unacknowledged;
  const ack: Button = { title: "Acknowledge all", command: format({ name: "ack", alerts: which }) };
  return [SHOW_ALL, ...(unacknowledged.length === 0 ? [] : [ack, muteAllButton(commonCode)])];
}

function stormButtons(commonCode: number | undefined): readonly Button[] {
  return [
    SHOW_ALL,
    { title: "Acknowledge all", command: format({ name: "ack", alerts: "all" }) },
    muteAllButton(commonCode),
  ];
}

const ackButton = (id: number): Button => ({
  title: "Acknowledge",
  command: format({ name: "ack", alerts: [id] }),
});

const muteButton = (id: number): Button => ({
  title: "Mute 24 h",
  command: format({
    name: "mute",
    target: { by: "alert", alert: id },
    durationMs: 24 * HOUR,
    because: "muted from its alert",
  }),
});

const unmuteButton = ({ number }: Mute): Button => ({
  title: "Unmute",
  command: format({ name: "unmute", number }),
});

/** Mutes the common code alone, so that alerts of other codes still arrive. */
function muteAllButton(commonCode: number | undefined): Button {
  const filter: Filter =
    commonCode === undefined
      ? []
      : [{ field: "code", negated: false, values: [{ text: String(commonCode), prefix: false }] }];
  const because = commonCode === undefined ? "many alerts at once" : `many alerts of code ${commonCode}`;
  return {
    title: commonCode === undefined ? "Mute 1 h" : `Mute code ${commonCode} 1 h`,
    command: format({ name: "mute", target: { by: "filter", filter }, durationMs: HOUR, because }),
  };
}
