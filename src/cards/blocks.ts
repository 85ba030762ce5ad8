import type { ErrorCodes } from "../domain/alerts/error-codes.ts";
import type { Customer, Problem } from "../domain/customers/customer.ts";
import type { CustomerView } from "../domain/views/views.ts";
import { type DetailLevel, takeFirst } from "./detail-level.ts";
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
import { type CodeMeaning, codeMeaning } from "./reasons.ts";
import { CARD_TIME_FORMAT, COLOURS, GLYPHS, joinNonEmpty, statusWord, type TimeFormat, type Tone } from "./words.ts";

/** One package, one add-on or the customer itself: a name, a status and the reasons. */
export interface Block {
  readonly name: string;
  readonly tone: Tone;
  readonly word: string;
  readonly problems: readonly Problem[];
  /** When the bot first saw this status, epoch milliseconds; for bad and moving items. */
  readonly since?: number;
}

export interface BlockData {
  readonly name: string;
  readonly status: string;
  readonly color: string;
  readonly isSubtle: boolean;
  readonly hasSince: boolean;
  readonly since: string;
  readonly problems: readonly ProblemData[];
}

/** A problem in the API's words, or the line below it: what its code means, and whose turn it is. */
interface ProblemData extends ProblemLine {
  readonly hasTurn: boolean;
  readonly turn: string;
}

const ORDER: readonly Tone[] = ["bad", "warning", "moving", "good", "quiet"];

/**
 * Worst first. Within a tone: the customer itself, packages, add-ons. Those that differ in nothing but their names are one
 * block. Also how many items are left out.
 */
export function blocksOf(
  { customer, since }: Pick<CustomerView, "customer" | "since">,
  detail: DetailLevel,
): { readonly blocks: readonly Block[]; readonly more: number } {
  const all = [...ownBlock(customer), ...itemsOf(customer).map((item) => itemBlock(item, since))];
  const sorted = ORDER.flatMap((tone) => all.filter((block) => block.tone === tone));
  const { shown, more } = takeFirst(sorted, detail.items);
  return { blocks: mergeAlike(shown), more };
}

function mergeAlike(blocks: readonly Block[]): readonly Block[] {
  const alike = new Map<string, [Block, ...Block[]]>();
  for (const block of blocks) {
    const { name: _name, since = 0, ...rest } = block;
    const key = JSON.stringify({ ...rest, minute: Math.floor(since / MINUTE) });
    const known = alike.get(key);
    if (known === undefined) alike.set(key, [block]);
    else known.push(block);
  }
  return [...alike.values()].map((these) => ({ ...these[0], name: these.map(({ name }) => name).join(", ") }));
}

const MINUTE = 60_000;

/** The meaning of a known code stands below its first problem only: a customer may have one code many times. */
export function blockData(blocks: readonly Block[], detail: DetailLevel, codes: ErrorCodes): readonly BlockData[] {
  const meanings = meaningsOf(blocks, detail, codes);
  return blocks.map((block) => ({
    name: block.name,
    status: statusOf(block),
    color: COLOURS[block.tone],
    isSubtle: block.tone === "quiet",
    hasSince: block.since !== undefined,
    since: sinceOf(block, CARD_TIME_FORMAT),
    problems: isUnexplained(block)
      ? [{ hasCode: false, code: "", text: NO_REASON, hasTurn: false, turn: "" }]
      : problemLines(block.problems, detail).flatMap((line) => [problemData(line), ...takeMeaning(line, meanings)]),
  }));
}

function problemData({ hasCode, code, text }: ProblemLine): ProblemData {
  return { hasCode, code, text: withBreakPoints(text), hasTurn: false, turn: "" };
}

function takeMeaning({ code }: ProblemLine, meanings: Map<string, CodeMeaning>): readonly ProblemData[] {
  const known = meanings.get(code);
  meanings.delete(code);
  if (known === undefined) return [];
  return [{ hasCode: false, code: "", text: withBreakPoints(known.meaning), hasTurn: true, turn: `  ${known.turn}` }];
}

/** `2560: Webex Calling is under maintenance. Cisco’s turn.`: a line for each known code. */
export function meaningTexts(blocks: readonly Block[], detail: DetailLevel, codes: ErrorCodes): readonly string[] {
  return [...meaningsOf(blocks, detail, codes)].map(([code, { meaning, turn }]) => `${code}: ${meaning} ${turn}.`);
}

function meaningsOf(blocks: readonly Block[], detail: DetailLevel, codes: ErrorCodes): Map<string, CodeMeaning> {
  const shown = blocks.flatMap(({ problems }) => problemLines(problems, detail).map(({ code }) => code));
  return new Map(shown.flatMap((code) => codeMeaning(code, detail, codes).map((known) => [code, known] as const)));
}

/** One line for each block with a reason; blocks without one share the line of their status. */
export function blockTexts(blocks: readonly Block[], detail: DetailLevel, times: TimeFormat): readonly string[] {
  return [...new Set(blocks.map(statusOf))].flatMap((status) => {
    const these = blocks.filter((block) => statusOf(block) === status);
    const nameAndSince = (block: Block) => joinNonEmpty([block.name, sinceOf(block, times)], " ");
    const explained = these.filter((block) => reasonText(block, detail) !== "");
    const others = these.filter((block) => reasonText(block, detail) === "").map(nameAndSince);
    return [
      ...explained.map((block) => `${status}: ${nameAndSince(block)} — ${reasonText(block, detail)}`),
      ...(others.length === 0 ? [] : [`${status}: ${others.join(", ")}`]),
    ];
  });
}

function reasonText(block: Block, detail: DetailLevel): string {
  return isUnexplained(block) ? NO_REASON : problemText(block.problems, detail);
}

function isUnexplained({ tone, problems }: Block): boolean {
  return tone === "bad" && problems.length === 0;
}

/** The block of the customer itself: if it has problems that no item has, or if no item explains its error. */
function ownBlock(customer: Customer): readonly Block[] {
  const { status } = customer;
  const items = itemsOf(customer);
  const isUnclear = status === "error" && items.every(({ tone }) => tone !== "bad");
  const problems = customer.problems.filter(
    (own) => isUnclear || !items.some((item) => item.problems.some((one) => isSame(one, own))),
  );
  if (problems.length === 0 && !isUnclear) return [];
  const isBad = status === "error" || problems.some(({ level }) => level === "error");
  return [{ name: "Customer", problems, ...(isBad ? FAILED : WARNED) }];
}

const isSame = (one: Problem, other: Problem): boolean =>
  one.level === other.level && one.code === other.code && one.text === other.text;

const FAILED = { tone: "bad", word: "Error" } as const;
const WARNED = { tone: "warning", word: "Warning" } as const;

function itemBlock(item: Item, since: SinceByItem): Block {
  const { name, tone, status, problems } = item;
  if (hasWarnings(item)) return { name, problems, ...WARNED };
  const block = { name, problems, tone, word: statusWord(status) };
  const at = tone === "bad" || tone === "moving" ? seenSince(since, item.item) : undefined;
  return at === undefined ? block : { ...block, since: at };
}

function sinceOf({ since }: Block, times: TimeFormat): string {
  return since === undefined ? "" : `since ${times.dateTime(since)}`;
}

function statusOf({ tone, word }: Block): string {
  return `${GLYPHS[tone]} ${word}`;
}
