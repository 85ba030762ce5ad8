import { type Alert, isActive } from "../domain/alerts/alert.ts";
import type { ErrorCodes } from "../domain/alerts/error-codes.ts";
import type { AlertsView, CustomerView } from "../domain/views/views.ts";
import { labelOf, numbersIn, type ShownGroup, sharedSince, shownGroups } from "./alert-groups.ts";
import { acknowledgedBy, alertLine, codesOfAlert, codesText, customerNames, lineDetails } from "./alert-line.ts";
import { type StatusLabel, statusLabelOf } from "./alert-words.ts";
import { type DetailLevel, takeFirst } from "./detail-level.ts";
import { type ButtonData, buttonData, commandLines, DOT, keepTogether, statusPart, type TextRun } from "./elements.ts";
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
  readonly heading: readonly HeadingRun[];
  readonly rows: readonly RowData[];
  readonly shortRows: readonly RowData[];
}

type HeadingRun = Omit<TextRun, "subtle">;

interface RowData {
  readonly number: string;
  readonly name: string;
  readonly item: string;
  readonly hasStatus: boolean;
  readonly status: string;
  readonly color: string;
  readonly weight: "bolder" | "default";
  readonly hasRest: boolean;
  readonly rest: string;
  /** It has a line below the name. */
  readonly hasDetails: boolean;
}

const TONES = { bad: "bad", warning: "warning", good: "good", info: "quiet" } as const satisfies Record<
  AlertsView["tone"],
  Tone
>;

export function alertsCard(view: AlertsView, detail: DetailLevel, codes: ErrorCodes): AlertsData {
  const { groups, more } = shownGroups(view, CARD_TIME_FORMAT, detail);
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
  const { groups, more } = shownGroups(view, times, detail);
  return [
    firstLine(view.marks, isDrill(alertsOf(view)), headOf(view, times, detail)),
    ...linesOf(view, detail, codes),
    ...groups.flatMap((group) => groupLines(group, view, detail)),
    ...(more > 0 ? [moreText(more)] : []),
    asOfText(view.now, times),
    ...commandLines(view.buttons),
  ].join("\n");
}

function groupData(group: ShownGroup, view: AlertsView, detail: DetailLevel): GroupData {
  const { label, alerts, context } = group;
  const rows = alerts.map((alert): RowData => {
    const { tone, word } = labelOf(alert, view);
    const status = label === undefined ? statusOf(tone, word) : "";
    const rest = keepTogether(lineDetails(alert, context, detail).join(DOT));
    return {
      number: String(alert.id),
      name: shortenWords(`${drillPrefix(alert, view)}${nameOf(alert.subject, detail.title)}`),
      item: itemName(alert.key.item),
      hasStatus: status !== "",
      status,
      color: COLOURS[tone],
      weight: tone === "bad" ? "bolder" : "default",
      hasRest: rest !== "",
      rest: status === "" ? rest : `${DOT}${rest}`,
      hasDetails: status !== "" || rest !== "",
    };
  });
  const { shortRows } = detail;
  return { heading: headingRuns(group), rows: shortRows ? [] : rows, shortRows: shortRows ? rows : [] };
}

const statusOf = (tone: Tone, word: string) => (tone === "quiet" ? word : statusPart(tone, word).text);

/** `Code 2560 · ✕ Error · since 14:58 UTC` */
function headingRuns({ title, label, shared }: ShownGroup): readonly HeadingRun[] {
  const parts = [...titleParts(title, label), ...shared.map((text) => ({ text, color: "default", isBold: false }))];
  return parts.map(({ text, color, isBold = true }, i) => ({
    text: keepTogether(i === 0 ? text : `${DOT}${text}`),
    color,
    weight: isBold ? "bolder" : "default",
  }));
}

interface HeadingPart {
  readonly text: string;
  readonly color: string;
  readonly isBold?: boolean;
}

/** A title that names the status is not followed by it: `✓ Recovered`. */
function titleParts(title: string, label: StatusLabel | undefined): readonly HeadingPart[] {
  if (label === undefined) return [{ text: title, color: "default" }];
  const { tone, word } = label;
  const [heading, status] = [title.toLowerCase(), word.toLowerCase()];
  const isNamed = heading.includes(status) || status.startsWith(heading);
  const text = withGlyph(tone, isNamed && title.length > word.length ? title : word);
  return [...(isNamed ? [] : [{ text: title, color: "default" }]), { text, color: COLOURS[tone] }];
}

/** Each line of a text keeps its status, because it may be read alone. */
function groupLines(
  { title, shared, alerts, context }: ShownGroup,
  view: AlertsView,
  detail: DetailLevel,
): readonly string[] {
  const lines = alerts.map((alert) => {
    const line = alertLine(alert, { label: labelOf(alert, view), context, detail });
    return `${drillPrefix(alert, view)}${line}`;
  });
  return [joinNonEmpty([title, ...shared], " · "), ...lines];
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

/** The open alerts of one customer, alike ones in one line: `✕ Error: Calling (alert 1042), Voice (alert 1043), since 14:58 UTC`. */
export function openAlertLines(
  { alerts, freshness }: CustomerView,
  times: TimeFormat,
  detail: DetailLevel,
): readonly string[] {
  const { shown, more } = takeFirst(alerts, detail.alerts);
  const now = madeAt(freshness);
  const alike = new Map<string, [Alert, ...Alert[]]>();
  for (const alert of shown) {
    const key = JSON.stringify([statusOfAlert(alert, now), sinceOf(alert, now, times), acknowledgedBy(alert, detail)]);
    const known = alike.get(key);
    if (known === undefined) alike.set(key, [alert]);
    else known.push(alert);
  }
  const lines = [...alike.values()].map((these) => {
    const names = these.map(({ id, key }) => `${itemName(key.item)} (alert ${id})`);
    const pieces = [...names, sinceOf(these[0], now, times), acknowledgedBy(these[0], detail)];
    return `${statusOfAlert(these[0], now)}: ${joinNonEmpty(pieces, ", ")}`;
  });
  return more > 0 ? [...lines, `and ${more} more`] : lines;
}

function statusOfAlert(alert: Alert, now: number): string {
  const { tone, word } = statusLabelOf(alert, now);
  return withGlyph(tone, word);
}

const sinceOf = ({ openedAt }: Alert, now: number, times: TimeFormat): string =>
  `since ${formatWhen(openedAt, now, times)}`;
