import { naturalLanguageTerms } from "./natural-language.ts";
import { isNoiseWord } from "./noise-words.ts";
import type { Distance } from "./suggest.ts";
import { type Token, trimEnd, unquotedWord } from "./tokenize.ts";

/**
 * A pattern of a whole message. `a|b` is one of these words, `a|b?` perhaps one of them; `…` is any words, `…?` perhaps some, and
 * `*` perhaps some that the command leaves out, but no pair and nothing in quotes. `<name>` is the name of a customer, `<number>` and `<address>` are one word.
 * Fillers may stand anywhere, and words such as "show" or "sorry" in front.
 */
export interface SpokenPattern {
  /** The command, with the slots of the pattern in it. */
  readonly command: string;
  readonly pattern: RegExp;
  /** One of these words is in each message that matches; absent where any words may match. */
  readonly needs?: readonly string[];
}

/** Words in front of a question or a command that say nothing. */
const OPENING =
  "hi|hello|hey|ok|okay|well|oops|sorry|whoops|ups|wrong|mistake|show|give|tell|check|see|get|list|display|say|quick|question";

const GAP = String.raw`(?: -\S*)*`;

const SLOTS: ReadonlyMap<string, string> = new Map([
  ["*", String.raw`(?: [-+](?!=)\S*)*?`],
  ["…", String.raw`${GAP}(?<any>(?: \S*)+?)`],
  ["…?", String.raw`${GAP}(?<any>(?: \S*)*?)`],
  ["<name>", String.raw`${GAP}(?<name>(?: \S*)+?)`],
  ["<number>", String.raw`${GAP}(?<number> [-+]#?\d{1,15})(?= |$)`],
  ["<address>", String.raw`${GAP}(?<address> [-+][^\s@"]+@[^\s@"]+)(?= |$)`],
]);

/** True if an unquoted search word may be read as an e-mail address. */
export function isAddressWord(word: string): boolean {
  return word.includes("@");
}

export function compilePattern(command: string, text: string): SpokenPattern {
  const parts = text.split(" ").map((part) => SLOTS.get(part) ?? wordPattern(part));
  const opening = `(?:${GAP} [-+](?:${OPENING})(?= ))*`;
  const pattern = new RegExp(`^${opening}${parts.join("")}${GAP}$`, "d");
  const [needs] = text
    .split(" ")
    .filter((part) => !SLOTS.has(part) && !part.endsWith("?"))
    .map((part) => part.split("|"))
    .toSorted((a, b) => a.length - b.length);
  return { command, pattern, ...(needs && { needs }) };
}

/** The patterns by a word that each of them needs: of some hundred, a message meets a few. */
export function indexPatterns(patterns: readonly SpokenPattern[]): SpokenIndex {
  const byWord = new Map<string, Placed[]>();
  for (const [place, pattern] of patterns.entries()) {
    for (const word of pattern.needs ?? [ANY_WORD])
      byWord.set(word, [...(byWord.get(word) ?? []), { ...pattern, place }]);
  }
  return byWord;
}

interface Placed extends SpokenPattern {
  /** The first one that matches is taken. */
  readonly place: number;
}

export type SpokenIndex = ReadonlyMap<string, readonly Placed[]>;

const ANY_WORD = "";

function wordPattern(part: string): string {
  const words = part.replace(/\?$/, "");
  const pattern = `(?:${GAP} [-+](?:${words})(?= |$))`;
  return part.endsWith("?") ? `${pattern}?` : pattern;
}

/** A longer message is no question, and matching it would take long. */
const MAX_WORDS = 40;

/** The command for the first pattern that the whole message matches. */
export function commandFor(index: SpokenIndex, tokens: readonly Token[], distance: Distance): string | undefined {
  if (tokens.length > MAX_WORDS) return undefined;
  const encoded = tokens.map(encode);
  const text = encoded.join("");
  const words = new Set([ANY_WORD, ...encoded.map((word) => word.slice(2))]);
  const met = [...words].flatMap((word) => index.get(word) ?? []).toSorted((a, b) => a.place - b.place);
  for (const { command, pattern } of met) {
    const match = pattern.exec(text);
    if (match === null) continue;
    const slots = slotsOf(match, text, tokens);
    if (slots.name !== undefined && !isName(slots.name, distance)) continue;
    return command.replace(/…\??|<(\w+)>/g, (_, slot = "any") => rawText(slots[slot] ?? []).replace(/^#/, ""));
  }
  return undefined;
}

/** A word with a mark in front, `-` for a filler, which "US" is not. A quoted word or a pair has no meaning but itself. */
function encode(token: Token): string {
  const word = unquotedWord(token);
  if (word === undefined) return " +=";
  const isFiller = word === "?" || (isNoiseWord(word) && !/^US\b/.test(token.raw));
  return ` ${isFiller ? "-" : "+"}${word.replaceAll("'", "")}`;
}

type Slots = Readonly<Record<string, readonly Token[] | undefined>>;

function slotsOf(match: RegExpExecArray, text: string, tokens: readonly Token[]): Slots {
  const found = Object.entries(match.indices?.groups ?? {});
  return Object.fromEntries(
    found.map(([slot, range]) => {
      if (range === undefined) return [slot, undefined];
      const [start, end] = range.map((index) => text.slice(0, index).split(" ").length - 1);
      return [slot, tokens.slice(start, end)];
    }),
  );
}

/** True for words that are searched for, and no filter such as "calling in Germany". */
function isName(tokens: readonly Token[], distance: Distance): boolean {
  const terms = naturalLanguageTerms(tokens, distance);
  return terms.length > 0 && terms.every(({ kind }) => kind === "word");
}

function rawText(tokens: readonly Token[]): string {
  return trimEnd(tokens.map(({ raw }) => raw).join(""), " ,;?!");
}
