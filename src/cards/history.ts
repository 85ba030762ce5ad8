import { CUSTOMER_ITEM } from "../domain/customers/record.ts";
import type { ListedTransition, Transition } from "../domain/customers/transition.ts";
import { formatRoughly } from "../domain/views/text.ts";
import type { HistoryView } from "../domain/views/views.ts";
import { type DetailLevel, formatList, takeFirst } from "./detail-level.ts";
import { type ButtonData, buttonData, commandLines, NBSP } from "./elements.ts";
import { scopeText } from "./freshness.ts";
import { itemName } from "./items.ts";
import { inLine, shortenWords } from "./plain-text.ts";
import {
  CARD_TIME_FORMAT,
  COLOURS,
  counted,
  customerTone,
  GLYPHS,
  joinNonEmpty,
  statusWord,
  type TimeFormat,
  type Tone,
  textTimeFormat,
  toneOf,
} from "./words.ts";

interface HistoryData {
  readonly title: string;
  readonly range: string;
  readonly isEmpty: boolean;
  readonly emptyText: string;
  readonly groups: readonly { readonly time: string; readonly steps: readonly StepData[] }[];
  readonly hasMore: boolean;
  readonly more: string;
  readonly buttons: readonly ButtonData[];
}

interface StepData {
  readonly hasTitle: boolean;
  readonly title: string;
  readonly item: string;
  readonly from: string;
  readonly to: string;
  readonly color: string;
  readonly weight: "bolder" | "default";
  readonly codes: string;
  readonly hasTimes: boolean;
  readonly times: string;
}

/** Newest first, grouped by the minute. */
export function historyCard(view: HistoryView, detail: DetailLevel): HistoryData {
  const { shown, more } = firstLines(view, detail.steps);
  const times = [...new Set(shown.map(minuteOf))];
  const rest = moreText(view, more);
  return {
    title: titleOf(view),
    range: rangeOf(view, CARD_TIME_FORMAT),
    isEmpty: shown.length === 0,
    emptyText: emptyText(view, CARD_TIME_FORMAT),
    groups: times.map((time) => ({
      time: CARD_TIME_FORMAT.dateTime(time),
      steps: shown.filter((one) => minuteOf(one) === time).map((one) => stepData(one, view, detail)),
    })),
    hasMore: rest !== "",
    more: rest,
    buttons: buttonData(view.buttons),
  };
}

export function historyText(view: HistoryView, detail: DetailLevel): string {
  const times = textTimeFormat(view.now);
  const { shown, more } = firstLines(view, detail.items);
  return [
    `${titleOf(view)}: ${rangeOf(view, times)}`,
    ...(shown.length === 0 ? [emptyText(view, times)] : []),
    ...shown.map((one) => `${times.dateTime(one.at)}: ${stepText(one, view, detail)}`),
    ...[moreText(view, more)].filter((line) => line !== ""),
    ...commandLines(view.buttons),
  ].join("\n");
}

/** The lines that are shown, and how many changes the others are. */
function firstLines({ transitions }: HistoryView, most: number) {
  const { shown } = takeFirst(transitions, most);
  return { shown, more: changesIn(transitions.slice(shown.length)) };
}

function changesIn(transitions: readonly ListedTransition[]): number {
  return transitions.reduce((sum, { earlier = [] }) => sum + 1 + earlier.length, 0);
}

function stepData(one: ListedTransition, { title }: HistoryView, detail: DetailLevel): StepData {
  const tone = toneAfter(one);
  return {
    hasTitle: title === undefined,
    title: shortenWords(inLine(one.title, detail.title) || "No name"),
    item: itemName(one.item),
    from: wordBefore(one),
    to: wordAfter(one),
    color: COLOURS[tone],
    weight: tone === "bad" ? "bolder" : "default",
    codes: stepCodes(one, detail),
    hasTimes: one.earlier !== undefined,
    times: `  ${timesText(one)}`,
  };
}

function stepText(one: ListedTransition, { title }: HistoryView, detail: DetailLevel): string {
  const who = title === undefined ? `${inLine(one.title, detail.title) || "No name"} · ` : "";
  const step = `${wordBefore(one)} → ${wordAfter(one)}${stepCodes(one, detail)}`;
  return `${who}${itemName(one.item)}: ${joinNonEmpty([step, timesText(one)], ", ")}`.replaceAll(NBSP, " ");
}

function minuteOf({ at }: Transition): number {
  return at - (at % 60_000);
}

/** `6 changes in 4 h`; empty for a change that has a line of its own. */
function timesText({ at, earlier }: ListedTransition): string {
  const oldest = earlier?.at(-1);
  return oldest === undefined || earlier === undefined
    ? ""
    : `${counted(earlier.length + 1, "change")} in ${formatRoughly(at - oldest.at)}`;
}

/** `Provisioned`; of several changes the last two: `Error → Provisioned`. */
function wordBefore({ from, earlier: [last] = [] }: ListedTransition): string {
  const word = from === undefined ? "New" : statusWord(from);
  return last === undefined ? word : `${wordBefore(last)} → ${word}`;
}

function wordAfter(one: Transition): string {
  if (one.to === undefined) return "Removed";
  return `${GLYPHS[toneAfter(one)]} ${statusWord(one.to)}`.replaceAll(" ", NBSP);
}

function toneAfter({ item, to }: Transition): Tone {
  if (to === undefined) return "quiet";
  return item === CUSTOMER_ITEM ? customerTone(to) : toneOf(to);
}

/** ` (2560, 10022)`; empty without codes. */
function stepCodes({ codes }: Transition, detail: DetailLevel): string {
  const each = [...new Set(codes)].map(String);
  return each.length === 0 ? "" : `${NBSP}(${formatList(each, detail.codes)})`;
}

function titleOf({ title }: HistoryView): string {
  return title === undefined ? "Changes" : `History of ${inLine(title, 100) || "a customer"}`;
}

function rangeOf({ transitions, hasMore, subpartner, observedSince }: HistoryView, times: TimeFormat): string {
  if (transitions.length === 0) return joinNonEmpty(["no changes", scopeText(subpartner)], " · ");
  const count = counted(changesIn(transitions), "change");
  return joinNonEmpty(
    [
      hasMore ? `the last ${count}` : count,
      scopeText(subpartner),
      observedSince === undefined ? "" : `watched since ${times.dateTime(observedSince)}`,
    ],
    " · ",
  );
}

function emptyText({ observedSince }: HistoryView, times: TimeFormat): string {
  if (observedSince === undefined) return "Not all customers have been read yet, so changes cannot be shown.";
  return `Nothing has changed since ${times.dateTime(observedSince)}.`;
}

/** How many changes are left out, and whether there are older ones. */
function moreText({ hasMore }: HistoryView, more: number): string {
  const here = more > 0 ? `and ${more} more` : "";
  if (!hasMore) return here;
  return here === "" ? "Older changes are not shown." : `${here}; older changes are not shown`;
}
