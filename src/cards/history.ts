import { WHOLE } from "../domain/customers/record.ts";
import type { Transition } from "../domain/customers/transition.ts";
import type { HistoryView } from "../domain/replies/views.ts";
import { type Press, pressesOf, typedLines } from "./buttons.ts";
import { type Detail, firstOf, listed } from "./detail.ts";
import { scopeOf } from "./freshness.ts";
import { itemName } from "./items.ts";
import { HARD_SPACE } from "./parts.ts";
import { inLine, shortWords } from "./plain.ts";
import { CARD_TIMES, type Times, textTimes } from "./times.ts";
import { COLOURS, counted, customerTone, GLYPHS, joined, statusWord, type Tone, toneOf } from "./words.ts";

interface HistoryData {
  readonly title: string;
  readonly range: string;
  readonly isEmpty: boolean;
  readonly emptyText: string;
  readonly groups: readonly { readonly time: string; readonly steps: readonly StepData[] }[];
  readonly hasMore: boolean;
  readonly more: string;
  readonly buttons: readonly Press[];
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
}

/** Newest first; what was seen at one time stands under one time. */
export function historyCard(view: HistoryView, detail: Detail): HistoryData {
  const { shown, more } = firstOf(view.transitions, detail.steps);
  const times = [...new Set(shown.map(minuteOf))];
  const rest = moreText(view, more);
  return {
    title: titleOf(view),
    range: rangeOf(view, CARD_TIMES),
    isEmpty: shown.length === 0,
    emptyText: emptyText(view, CARD_TIMES),
    groups: times.map((time) => ({
      time: CARD_TIMES.moment(time),
      steps: shown.filter((one) => minuteOf(one) === time).map((one) => stepData(one, view, detail)),
    })),
    hasMore: rest !== "",
    more: rest,
    buttons: pressesOf(view.buttons),
  };
}

export function historyText(view: HistoryView, detail: Detail): string {
  const times = textTimes(view.now);
  const { shown, more } = firstOf(view.transitions, detail.items);
  return [
    `${titleOf(view)}: ${rangeOf(view, times)}`,
    ...(shown.length === 0 ? [emptyText(view, times)] : []),
    ...shown.map((one) => `${times.moment(one.at)}: ${stepText(one, view, detail)}`),
    ...[moreText(view, more)].filter((line) => line !== ""),
    ...typedLines(view.buttons),
  ].join("\n");
}

function stepData(one: Transition, { title }: HistoryView, detail: Detail): StepData {
  const tone = toneAfter(one);
  return {
    hasTitle: title === undefined,
    title: shortWords(inLine(one.title, detail.title) || "No name"),
    item: itemName(one.item),
    from: wordBefore(one),
    to: wordAfter(one),
    color: COLOURS[tone],
    weight: tone === "bad" ? "bolder" : "default",
    codes: codesOf(one, detail),
  };
}

function stepText(one: Transition, { title }: HistoryView, detail: Detail): string {
  const who = title === undefined ? `${inLine(one.title, detail.title) || "No name"} · ` : "";
  const step = `${wordBefore(one)} → ${wordAfter(one)}${codesOf(one, detail)}`;
  return `${who}${itemName(one.item)}: ${step}`.replaceAll(HARD_SPACE, " ");
}

function minuteOf({ at }: Transition): number {
  return at - (at % 60_000);
}

function wordBefore({ from }: Transition): string {
  return from === undefined ? "New" : statusWord(from);
}

/** Glyph and word stay together. */
function wordAfter(one: Transition): string {
  if (one.to === undefined) return "Removed";
  return `${GLYPHS[toneAfter(one)]} ${statusWord(one.to)}`.replaceAll(" ", HARD_SPACE);
}

function toneAfter({ item, to }: Transition): Tone {
  if (to === undefined) return "quiet";
  return item === WHOLE ? customerTone(to) : toneOf(to);
}

/** ` (2560, 10022)`; empty when none came with it. */
function codesOf({ codes }: Transition, detail: Detail): string {
  const each = [...new Set(codes)].map(String);
  return each.length === 0 ? "" : `${HARD_SPACE}(${listed(each, detail.codes)})`;
}

function titleOf({ title }: HistoryView): string {
  return title === undefined ? "Changes" : `History of ${inLine(title, 100) || "a customer"}`;
}

function rangeOf({ transitions, hasMore, subpartner, watchedSince }: HistoryView, times: Times): string {
  if (transitions.length === 0) return joined(["no changes", scopeOf(subpartner)], " · ");
  const count = counted(transitions.length, "change");
  return joined(
    [
      hasMore ? `the last ${count}` : count,
      scopeOf(subpartner),
      watchedSince === undefined ? "" : `watched since ${times.moment(watchedSince)}`,
    ],
    " · ",
  );
}

function emptyText({ watchedSince }: HistoryView, times: Times): string {
  if (watchedSince === undefined) return "I have not read all customers yet, so I can’t tell what changed.";
  return `I saw nothing change; I have been looking since ${times.moment(watchedSince)}.`;
}

/** What is left out here, and what was before it. */
function moreText({ hasMore }: HistoryView, more: number): string {
  const here = more > 0 ? `and ${more} more` : "";
  if (!hasMore) return here;
  return here === "" ? "Older changes are not shown." : `${here}; older changes are not shown`;
}
