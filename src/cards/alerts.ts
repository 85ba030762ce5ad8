import type { Alert } from "../domain/alerts/alert.ts";
import type { AlertsView } from "../domain/replies/views.ts";
import { type Group, groupsOf, saidIn, sharedSince } from "./alert-groups.ts";
import { alertLine, codesOfAlert, codeWords, detailsOf, namesOf } from "./alert-line.ts";
import { standingOf } from "./alert-words.ts";
import { type Press, pressesOf, typedLines } from "./buttons.ts";
import type { Detail } from "./detail.ts";
import { itemName } from "./items.ts";
import { DRILL, HEADS, isDrill, markLines, opened, repeated } from "./marks.ts";
import { clinging, DOT, part } from "./parts.ts";
import { plain, shortWords } from "./plain.ts";
import { CARD_TIMES, type Times, textTimes } from "./times.ts";
import { COLOURS, glyphed, joined, nameOf, type Tone } from "./words.ts";

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
  readonly buttons: readonly Press[];
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

export function alertsCard(view: AlertsView, detail: Detail): AlertsData {
  const { groups, more } = groupsOf(view, detail.alerts, CARD_TIMES);
  const tone = TONES[view.tone];
  return {
    style: HEADS[tone],
    isDrill: isDrill(alertsOf(view)),
    drill: DRILL,
    title: clinging(repeated(view.marks, titleOf(view))),
    color: COLOURS[tone],
    lines: linesOf(view, detail).map((text) => ({ text })),
    groups: groups.map((group) => groupData(group, view, detail)),
    hasMore: more > 0,
    more: moreText(more),
    buttons: pressesOf(view.buttons),
  };
}

export function alertsText(view: AlertsView, detail: Detail): string {
  const times = textTimes(view.now);
  const { groups, more } = groupsOf(view, detail.alerts, times);
  return [
    opened(view.marks, isDrill(alertsOf(view)), headOf(view, times, detail)),
    ...linesOf(view, detail),
    ...groups.flatMap((group) => groupLines(group, view, detail)),
    ...(more > 0 ? [moreText(more)] : []),
    ...typedLines(view.buttons),
  ].join("\n");
}

function groupData({ title, since, alerts, around }: Group, view: AlertsView, detail: Detail): GroupData {
  const rows = alerts.map((alert): RowData => {
    const { tone, word } = standingOf(alert, view.now);
    const rest = detailsOf(alert, around, detail).join(DOT);
    return {
      number: String(alert.id),
      name: shortWords(`${drilled(alert, view)}${nameOf(alert.subject, detail.title)}`),
      item: itemName(alert.key.item),
      status: tone === "quiet" ? word : part(tone, word).text,
      color: COLOURS[tone],
      weight: tone === "bad" ? "bolder" : "default",
      hasRest: rest !== "",
      rest,
    };
  });
  const { shortRows } = detail;
  const heading = title === "" && since !== "" ? `Seen ${since}` : joined([title, since], " · ");
  const hasHeading = heading !== "";
  return { hasHeading, heading, rows: shortRows ? [] : rows, shortRows: shortRows ? rows : [] };
}

/** What all share stands in the first line where there is but one group. */
function groupLines(
  { title, since, alerts, around }: Group,
  view: AlertsView,
  detail: Detail,
): readonly string[] {
  const lines = alerts.map((alert) => {
    const line = alertLine(alert, { standing: standingOf(alert, view.now), around, detail });
    return `${drilled(alert, view)}${line}`;
  });
  return title === "" ? lines : [joined([title, since], " · "), ...lines];
}

/** `✕ 4 new errors: Acme, Contoso Health and 2 more · code 2560 · since 23 Nov, 14:58 UTC`. */
function headOf(view: AlertsView, times: Times, detail: Detail): string {
  const alerts = alertsOf(view);
  const title = titleOf(view);
  if (alerts.length === 0) return title;
  const said = saidIn(view.title);
  const open = alerts.filter(({ state }) => state !== "closed");
  const untold = [...new Set(open.flatMap(codesOfAlert))].filter((code) => !said.has(code));
  const since = sharedSince(alerts);
  const rest = [
    namesOf(open.length === 0 ? alerts : open, view.more > 0, detail),
    codeWords(untold, detail.codes),
    since === undefined ? "" : `since ${times.moment(since)}`,
  ];
  return `${title}${/[:?]/.test(title) ? " · " : ": "}${joined(rest, " · ")}`;
}

function titleOf({ tone, title }: AlertsView): string {
  return glyphed(TONES[tone], plain(title, 200) || "Alerts");
}

function linesOf({ lines, marks }: AlertsView, detail: Detail): readonly string[] {
  return [...markLines(marks), ...lines.map((line) => plain(line, detail.text))];
}

function alertsOf({ groups }: AlertsView): readonly Alert[] {
  return groups.flatMap(({ alerts }) => alerts);
}

/** One drill among real alerts says so itself. */
function drilled(alert: Alert, view: AlertsView): string {
  return isDrill([alert]) && !isDrill(alertsOf(view)) ? "DRILL " : "";
}

function moreText(more: number): string {
  return `and ${more} more`;
}
