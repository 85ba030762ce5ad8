import type { Customer, Problem } from "../domain/customers/customer.ts";
import type { CustomerView } from "../domain/views/views.ts";
import type { DetailLevel } from "./detail-level.ts";
import {
  hasWarnings,
  type Item,
  itemsOf,
  NO_REASON,
  type ProblemLine,
  problemLines,
  problemText,
  type SinceByItem,
  seenSince,
} from "./items.ts";
import { withBreakPoints } from "./plain-text.ts";
import { CARD_TIME_FORMAT, COLOURS, GLYPHS, joinNonEmpty, statusWord, type TimeFormat, type Tone } from "./words.ts";

/** One package, one add-on, or what went wrong with the customer itself: a name, its status, and the reasons. */
export interface Block {
  readonly name: string;
  readonly tone: Tone;
  readonly word: string;
  readonly problems: readonly Problem[];
  /** Since when the bot has seen it so, of what is unwell or under way. */
  readonly since?: number;
}

/** A block as the template draws it. */
export interface BlockData {
  readonly name: string;
  readonly status: string;
  readonly color: string;
  readonly isSubtle: boolean;
  readonly hasSince: boolean;
  readonly since: string;
  readonly problems: readonly ProblemLine[];
}

const ORDER: readonly Tone[] = ["bad", "warning", "moving", "good", "quiet"];

/** Worst first; the customer itself before its packages, packages before add-ons. */
export function blocksOf({ customer, since }: Pick<CustomerView, "customer" | "since">): readonly Block[] {
  const blocks = [...ownBlock(customer), ...itemsOf(customer).map((item) => itemBlock(item, since))];
  return ORDER.flatMap((tone) => blocks.filter((block) => block.tone === tone));
}

export function blockData(blocks: readonly Block[], detail: DetailLevel): readonly BlockData[] {
  return blocks.map((block) => ({
    name: block.name,
    status: statusOf(block),
    color: COLOURS[block.tone],
    isSubtle: block.tone === "quiet",
    hasSince: block.since !== undefined,
    since: sinceOf(block, CARD_TIME_FORMAT),
    problems: isUnexplained(block)
      ? [{ hasCode: false, code: "", text: NO_REASON }]
      : problemLines(block.problems, detail).map((line) => ({ ...line, text: withBreakPoints(line.text) })),
  }));
}

/** One line a block that has something to say; those that have not share the line of their status. */
export function blockTexts(blocks: readonly Block[], detail: DetailLevel, times: TimeFormat): readonly string[] {
  return [...new Set(blocks.map(statusOf))].flatMap((status) => {
    const these = blocks.filter((block) => statusOf(block) === status);
    const said = (block: Block) => joinNonEmpty([block.name, sinceOf(block, times)], " ");
    const silent = these.filter((block) => reasonText(block, detail) === "").map(said);
    const telling = these.filter((block) => reasonText(block, detail) !== "");
    return [
      ...telling.map((block) => `${status}: ${said(block)} — ${reasonText(block, detail)}`),
      ...(silent.length === 0 ? [] : [`${status}: ${silent.join(", ")}`]),
    ];
  });
}

function reasonText(block: Block, detail: DetailLevel): string {
  return isUnexplained(block) ? NO_REASON : problemText(block.problems, detail);
}

function isUnexplained({ tone, problems }: Block): boolean {
  return tone === "bad" && problems.length === 0;
}

/** The customer itself has a block when something was said about it, or when nothing else explains its error. */
function ownBlock(customer: Customer): readonly Block[] {
  const { status, problems } = customer;
  const isUnclear = status === "error" && itemsOf(customer).every(({ tone }) => tone !== "bad");
  if (problems.length === 0 && !isUnclear) return [];
  const isBad = status === "error" || problems.some(({ level }) => level === "error");
  return [{ name: "Customer", problems, ...(isBad ? FAILED : WARNED) }];
}

const FAILED = { tone: "bad", word: "Error" } as const;
const WARNED = { tone: "warning", word: "Warning" } as const;

function itemBlock(item: Item, since: SinceByItem): Block {
  const name = item.isAddOn ? `Add-on: ${item.name}` : item.name;
  const { tone, status, problems } = item;
  if (hasWarnings(item)) return { name, problems, ...WARNED };
  const block = { name, problems, tone, word: statusWord(status) };
  const at = tone === "bad" || tone === "moving" ? seenSince(since, item.key) : undefined;
  return at === undefined ? block : { ...block, since: at };
}

function sinceOf({ since }: Block, times: TimeFormat): string {
  return since === undefined ? "" : `since ${times.dateTime(since)}`;
}

function statusOf({ tone, word }: Block): string {
  return `${GLYPHS[tone]} ${word}`;
}
