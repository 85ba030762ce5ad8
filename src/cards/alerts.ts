import { type Alert, isActive } from "../domain/alerts/alert.ts";
import type { ErrorCodes } from "../domain/alerts/error-codes.ts";
import type { AlertGroup, AlertsView, CustomerView } from "../domain/views/views.ts";
import {
  acknowledgedBy,
  alertLine,
  codesOfAlert,
  codesText,
  customerNames,
  type LineContext,
  lineDetails,
} from "./alert-line.ts";
import { headlineOf, type StatusLabel, statusLabelOf } from "./alert-words.ts";
import { type DetailLevel, takeFirst } from "./detail-level.ts";
import { type ButtonData, buttonData, commandLines, DOT, keepTogether, statusPart } from "./elements.ts";
import { madeAt } from "./freshness.ts";
import { itemName } from "./items.ts";
import { DRILL, firstLine, HEADER_STYLES, isDrill, markLines, withRepeatMark } from "./marks.ts";
import { plain, shortenWords } from "./plain-text.ts";
import { commonReason, webexStatusLines } from "./reasons.ts";
import {
  asOfText,
  CARD_TIME_FORMAT,
  COLOURS,
  formatWhen,
  joinNonEmpty,
  nameOf,
  type TimeFormat,
  type Tone,
  textTimeFormat,
  withGlyph,
} from "./words.ts";

interface AlertsData {
  readonly style: string;
  readonly isDrill: boolean;
  readonly drill: string;
  readonly title: string;
  readonly color: string;
  readonly lines: readonly { readonly text: string }[];
  readonly groups: readonly GroupData[];
  readonly hasMore: boolean;
  readonly more: string;
  readonly asOf: string;
  readonly buttons: readonly ButtonData[];
}

interface GroupData {
  readonly hasHeading: boolean;
  readonly heading: string;
  readonly rows: readonly RowData[];
  readonly shortRows: readonly RowData[];
}

interface RowData {
  readonly number: string;
  readonly name: string;
  readonly item: string;
  readonly status: string;
  readonly color: string;
  readonly weight: "bolder" | "default";
  readonly hasRest: boolean;
  readonly rest: string;
}

const TONES = { bad: "bad", warning: "warning", good: "good", info: "quiet" } as const satisfies Record<
  AlertsView["tone"],
  Tone
>;

export function alertsCard(view: AlertsView, detail: DetailLevel, codes: ErrorCodes): AlertsData {
  const { groups, more } = shownGroups(view, detail.alerts, CARD_TIME_FORMAT);
  const tone = TONES[view.tone];
  return {
    style: HEADER_STYLES[tone],
    isDrill: isDrill(alertsOf(view)),
    drill: DRILL,
    title: keepTogether(withRepeatMark(view.marks, titleOf(view))),
    color: COLOURS[tone],
    lines: linesOf(view, detail, codes).map((text) => ({ text })),
    groups: groups.map((group) => groupData(group, view, detail)),
    hasMore: more > 0,
    more: moreText(more),
    asOf: asOfText(view.now, CARD_TIME_FORMAT),
    buttons: buttonData(view.buttons),
  };
}

export function alertsText(view: AlertsView, detail: DetailLevel, codes: ErrorCodes): string {
  const times = textTimeFormat(view.now);
  const { groups, more } = shownGroups(view, detail.alerts, times);
  return [
    firstLine(view.marks, isDrill(alertsOf(view)), headOf(view, times, detail)),
    ...linesOf(view, detail, codes),
    ...groups.flatMap((group) => groupLines(group, view, detail)),
    ...(more > 0 ? [moreText(more)] : []),
    asOfText(view.now, times),
    ...commandLines(view.buttons),
  ].join("\n");
}

function groupData({ title, since, alerts, context }: ShownGroup, view: AlertsView, detail: DetailLevel): GroupData {
  const rows = alerts.map((alert): RowData => {
    const { tone, word } = labelOf(alert, view);
    const rest = lineDetails(alert, context, detail).join(DOT);
    return {
      number: String(alert.id),
      name: shortenWords(`${drillPrefix(alert, view)}${nameOf(alert.subject, detail.title)}`),
      item: itemName(alert.key.item),
      status: tone === "quiet" ? word : statusPart(tone, word).text,
      color: COLOURS[tone],
      weight: tone === "bad" ? "bolder" : "default",
      hasRest: rest !== "",
      rest,
    };
  });
  const { shortRows } = detail;
  const heading = title === "" && since !== "" ? `Seen ${since}` : joinNonEmpty([title, since], " · ");
  const hasHeading = heading !== "";
  return { hasHeading, heading, rows: shortRows ? [] : rows, shortRows: shortRows ? rows : [] };
}

function groupLines(
  { title, since, alerts, context }: ShownGroup,
  view: AlertsView,
  detail: DetailLevel,
): readonly string[] {
  const lines = alerts.map((alert) => {
    const line = alertLine(alert, { label: labelOf(alert, view), context, detail });
    return `${drillPrefix(alert, view)}${line}`;
  });
  return title === "" ? lines : [joinNonEmpty([title, since], " · "), ...lines];
}

/** The news of the row: an alert that is told again must not look like its first message. */
function labelOf(alert: Alert, { updates = {}, now }: AlertsView): StatusLabel {
  return headlineOf({ update: updates[alert.id] ?? "current", alert, now });
}

/** `✕ 4 new errors: Acme, Contoso Health and 2 more · code 2560 · since 23 Nov, 14:58 UTC`. */
function headOf(view: AlertsView, times: TimeFormat, detail: DetailLevel): string {
  const alerts = alertsOf(view);
  const title = titleOf(view);
  if (alerts.length === 0) return title;
  const shownCodes = numbersIn(view.title);
  const open = alerts.filter(isActive);
  const otherCodes = [...new Set(open.flatMap(codesOfAlert))].filter((code) => !shownCodes.has(code));
  const since = sharedSince(alerts);
  const rest = [
    customerNames(open.length === 0 ? alerts : open, view.more > 0, detail),
    codesText(otherCodes, detail.codes),
    since === undefined ? "" : `since ${times.dateTime(since)}`,
  ];
  return `${title}${/[:?]/.test(title) ? " · " : ": "}${joinNonEmpty(rest, " · ")}`;
}

function titleOf({ tone, title }: AlertsView): string {
  return withGlyph(TONES[tone], plain(title, 200) || "Alerts");
}

function linesOf(view: AlertsView, detail: DetailLevel, codes: ErrorCodes): readonly string[] {
  const { lines, marks, commonCode } = view;
  return [
    ...commonReason(commonCode, detail, codes),
    ...webexStatusLines(view, detail),
    ...markLines(marks, detail),
    ...lines.map((line) => plain(line, detail.text)),
  ];
}

function alertsOf({ groups }: AlertsView): readonly Alert[] {
  return groups.flatMap(({ alerts }) => alerts);
}

/** Marks a drill among real alerts. */
function drillPrefix(alert: Alert, view: AlertsView): string {
  return isDrill([alert]) && !isDrill(alertsOf(view)) ? "DRILL " : "";
}

function moreText(more: number): string {
  return `and ${more} more`;
}

const MINUTE = 60_000;

/** Alerts under one heading. Rows leave out what the heading shows. */
export interface ShownGroup {
  readonly title: string;
  /** `since 14:58 UTC` if all were seen in the same minute; otherwise empty. */
  readonly since: string;
  readonly alerts: readonly Alert[];
  readonly context: LineContext;
}

/** The first `most` alerts in their groups, and how many are left out. */
export function shownGroups(
  { groups, more, now }: AlertsView,
  most: number,
  times: TimeFormat,
): { readonly groups: readonly ShownGroup[]; readonly more: number } {
  const total = groups.reduce((sum, { alerts }) => sum + alerts.length, 0);
  const shown = groups.flatMap(({ title, alerts }, i) => {
    const before = groups.slice(0, i).reduce((sum, group) => sum + group.alerts.length, 0);
    const kept = alerts.slice(0, Math.max(0, most - before));
    return kept.length === 0 ? [] : [shownGroup({ title, alerts: kept }, now, times)];
  });
  return { groups: shown, more: more + Math.max(0, total - most) };
}

/** The opening time if all alerts are open and were seen in the same minute. */
export function sharedSince(alerts: readonly Alert[]): number | undefined {
  const [first, ...others] = alerts;
  if (first === undefined || !alerts.every(isActive)) return undefined;
  const isShared = others.every(({ openedAt }) => minuteOf(openedAt) === minuteOf(first.openedAt));
  return isShared ? first.openedAt : undefined;
}

/** The numbers in a title: a code among them is not repeated below it. */
export function numbersIn(title: string): ReadonlySet<string> {
  return new Set(title.match(/\d+/g) ?? []);
}

function shownGroup({ title, alerts }: AlertGroup, now: number, times: TimeFormat): ShownGroup {
  const shared = alerts.length > 1 ? sharedSince(alerts) : undefined;
  const since = (at: number) => `since ${formatWhen(at, now, times)}`;
  return {
    title: plain(title, 120),
    since: shared === undefined ? "" : since(shared),
    alerts,
    context: {
      shownCodes: numbersIn(title),
      since: ({ openedAt }) => (shared === undefined ? since(openedAt) : ""),
    },
  };
}

function minuteOf(at: number): number {
  return Math.floor(at / MINUTE);
}

/** The open alerts of one customer: `1042 ✕ Error: Calling, seen since 14:58 UTC, acknowledged by Ana`. */
export function openAlertLines(
  { alerts, freshness }: CustomerView,
  times: TimeFormat,
  detail: DetailLevel,
): readonly string[] {
  const { shown, more } = takeFirst(alerts, detail.alerts);
  const lines = shown.map((alert) => {
    const { tone, word } = statusLabelOf(alert, madeAt(freshness));
    const since = formatWhen(alert.openedAt, madeAt(freshness), times);
    const pieces = [itemName(alert.key.item), `seen since ${since}`, acknowledgedBy(alert, detail)];
    return `${alert.id} ${withGlyph(tone, word)}: ${joinNonEmpty(pieces, ", ")}`;
  });
  return more > 0 ? [...lines, `and ${more} more`] : lines;
}
