import { formatSince, readSince, USUAL_SINCE } from "../customers/since.ts";
import type { Command } from "./command.ts";
import { isEmpty } from "./opening.ts";
import { meant, quote, type Reading, slipped } from "./slip.ts";
import { bare, pairToken, spoken, type Token, wordToken } from "./tokens.ts";

const SINCE_HINT =
  "Write a span in s, m, h, d or w, for example since=2h; 400 days at most. In a filter it may be a date, too.";

/** The slip of a `since` that is no span. The `instead` is what its pair should have been. */
export function sinceSlip(text: string): Reading<never> {
  return slipped(`${quote(text)} is not a span of time.`, SINCE_HINT, [pairToken("since", [bare("1d")])]);
}

/** `changes since=2h`, and as people say it: "changes 2h", "what changed in the last 3 hours", "changes today". */
export function readChanges(tokens: readonly Token[]): Reading<Command> {
  const { said, others } = saidOf(tokens);
  if (others.length > 0) return changesOfSome(tokens, others);
  const since = sinceIn("changes", said, USUAL_SINCE);
  return since.ok ? meant({ name: "changes", since: since.value }) : since;
}

/** How far back a handover looks when nobody says: a shift. */
export const USUAL_HANDOVER = 12 * 3_600_000;

/** `handover since=8h`, "handover of the last 8 hours". Undefined when other words make it rather a name. */
export function readHandover(tokens: readonly Token[]): Reading<Command> | undefined {
  const { said, others } = saidOf(tokens.filter((token) => !isOfHandover(spoken(token))));
  if (others.some((token) => token.kind === "pair")) return handoverOfSome(tokens, others);
  if (others.length > 0) return undefined;
  const since = sinceIn("handover", said, USUAL_HANDOVER);
  return since.ok ? meant({ name: "handover", since: since.value }) : since;
}

function isOfHandover(word: string | undefined): boolean {
  return word !== undefined && /^(?:shift|report|notes|alerts|space)$/.test(word);
}

/** The span that somebody says, and what has nothing to do with one. */
function saidOf(tokens: readonly Token[]): { readonly said: string; readonly others: readonly Token[] } {
  const pair = tokens.find((token) => token.kind === "pair" && token.key.toLowerCase() === "since");
  const others = tokens.filter((token) => token !== pair && !isTimeWord(spoken(token)));
  return { said: tokens.flatMap(wordsOf).join(" "), others };
}

function sinceIn(head: "changes" | "handover", said: string, usual: number): Reading<number> {
  const since = said === "" ? usual : readSince(said);
  if (since !== undefined) return meant(since);
  const reading = sinceSlip(said);
  if (reading.ok) return reading;
  const { problem, hint, instead } = reading.slip;
  return slipped(problem, hint, [wordToken(bare(head)), ...instead]);
}

/** `trend` takes nothing; what people say around it is forgiven. */
export function readTrend(tokens: readonly Token[]): Reading<Command> {
  const others = tokens.filter((token) => !isTimeWord(spoken(token)) && !isOfTrend(spoken(token)));
  if (others.length === 0) return meant({ name: "trend" });
  return slipped(
    "A trend is about all customers.",
    "Some of them are counted by “summary”, for example summary country=DE.",
    [wordToken(bare("summary")), ...others],
  );
}

const AROUND: ReadonlySet<string> = new Set(["last", "past", "since", "ago", "recent", "recently", "new"]);
const OF_TREND: ReadonlySet<string> = new Set(["chart", "graph", "customers", "customer", "status", "month"]);

function isTold(word: string | undefined): boolean {
  return word !== undefined && !isEmpty(word) && !AROUND.has(word);
}

function isTimeWord(word: string | undefined): boolean {
  if (word === undefined) return false;
  return (
    !isTold(word) ||
    /^\d+$/.test(word) ||
    readSince(word) !== undefined ||
    readSince(`1${word}`) !== undefined
  );
}

function isOfTrend(word: string | undefined): boolean {
  return word !== undefined && OF_TREND.has(word);
}

function wordsOf(token: Token): readonly string[] {
  if (token.kind === "pair") return token.values.map(({ text }) => text.toLowerCase());
  const word = spoken(token);
  return word !== undefined && isTold(word) ? [word] : [];
}

function changesOfSome(tokens: readonly Token[], others: readonly Token[]): Reading<never> {
  return slipped(
    "Changes are told of all customers, or of one.",
    "Send “changes since=2h”, or “history” and one customer.",
    [wordToken(bare("changes")), ...tokens.filter((token) => !others.includes(token))],
  );
}

function handoverOfSome(tokens: readonly Token[], others: readonly Token[]): Reading<never> {
  return slipped(
    "A handover is about all alerts of this space.",
    "Send “handover since=8h”; “alerts” lists some of them, for example alerts country=DE.",
    [wordToken(bare("handover")), ...tokens.filter((token) => !others.includes(token))],
  );
}

/** `changes since=2h` or `handover since=8h` as it is written down. */
export function formatSpan(head: "changes" | "handover", since: number): string {
  const usual = head === "changes" ? USUAL_SINCE : USUAL_HANDOVER;
  return since === usual ? head : `${head} since=${formatSince(since)}`;
}
