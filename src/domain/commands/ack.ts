import { normalizeName } from "../customers/filter.ts";
import type { AckCommand } from "./command.ts";
import { numbersOf } from "./filter-commands.ts";
import { type ParseResult, parsed } from "./parse-error.ts";
import { type Token, trimEnd, unquotedWord } from "./tokenize.ts";

/** `ack 1042 on it`, `ack 12,13`, `ack all`: whatever follows the numbers is the note, as it was typed. */
export function parseAck(tokens: readonly Token[]): ParseResult<AckCommand> {
  const at = tokens.findIndex((token) => token.kind === "pair" && normalizeName(token.key) === "note");
  const remark = at < 0 ? { text: "", others: tokens } : takeFreeText(tokens, at, () => false);
  const { alerts, rest } = takeAlerts(remark.others);
  const said = rest.every(isPolite) ? "" : wholeFreeText(rest);
  const note = [said, remark.text].filter((text) => text !== "").join(" ");
  return parsed({ name: "ack", alerts, ...(note !== "" && { note }) });
}

interface AckTarget {
  readonly alerts: AckCommand["alerts"];
  readonly rest: readonly Token[];
}

/** The numbers in front, among words that only lead to them. */
function takeAlerts(tokens: readonly Token[]): AckTarget {
  const alerts = new Set<number>();
  let end = 0;
  for (const [at, token] of tokens.entries()) {
    if (alerts.size === 0 && isAll(token)) return { alerts: "all", rest: skipAll(tokens.slice(at + 1)) };
    const found = alertsIn(token);
    if (found.length === 0 && !isLeadIn(token, alerts.size > 0)) break;
    for (const number of found) alerts.add(number);
    if (found.length > 0) end = at + 1;
  }
  return { alerts: [...alerts], rest: tokens.slice(end) };
}

/** Of the pairs, only a form's choice of alerts names some: "eta=2" is part of a note. */
function alertsIn(token: Token): readonly number[] {
  return token.kind === "word" || /^alerts?$/.test(normalizeName(token.key)) ? numbersOf(token) : [];
}

const WORDS_BETWEEN_NUMBERS: ReadonlySet<string> = new Set("alert alerts no nr and & + #".split(" "));
const WORDS_BEFORE_NUMBERS: ReadonlySet<string> = new Set(
  "number the this that these those my our for of both them please pls plz kindly just also".split(" "),
);

/** Not every filler: in "on it, all day", nobody takes all. */
function isLeadIn(token: Token, isBehindNumber: boolean): boolean {
  const word = unquotedWord(token);
  if (word === undefined) return false;
  return (
    WORDS_BETWEEN_NUMBERS.has(word) || (!isBehindNumber && (WORDS_BEFORE_NUMBERS.has(word) || /^\p{P}*$/u.test(word)))
  );
}

function isAll(token: Token): boolean {
  return /^(?:all|everything)$/.test(unquotedWord(token) ?? "");
}

/** "all of the open alerts" is `all`. */
function skipAll(tokens: readonly Token[]): readonly Token[] {
  const end = tokens.findIndex(
    (token) => !/^(?:of|the|them|my|our|these|those|open|alerts?)$/.test(unquotedWord(token) ?? ""),
  );
  return end < 0 ? [] : tokens.slice(end);
}

const POLITE: ReadonlySet<string> = new Set(
  "please pls plz kindly thanks thank you now it this that these those them one alert alerts the".split(" "),
);

/** What people add that is no note, "ack this please" for one. */
function isPolite(token: Token): boolean {
  const word = unquotedWord(token);
  return word !== undefined && (POLITE.has(word) || /^\p{P}*$/u.test(word));
}

/** What somebody says in words of their own, a note or a reason, and what else there is. */
export interface FreeText {
  /** As it was typed: capitals, quotes and commas stay. Empty when nothing was said. */
  readonly text: string;
  readonly others: readonly Token[];
}

/**
 * The remark that the token at `start` begins, `because="…"` or the word "because": what is in quotes behind it, or else every
 * word up to the next token that `ends` it.
 */
export function takeFreeText(tokens: readonly Token[], start: number, ends: (token: Token) => boolean): FreeText {
  const from = tokens[start]?.kind === "pair" ? start : start + 1;
  const end = tokens.findIndex((token, at) => at > start && ends(token));
  const last = end < 0 ? tokens.length : end;
  const quoted = quotedAt(tokens, from);
  if (quoted !== undefined) return { text: quoted, others: tokens.toSpliced(start, from + 1 - start) };
  const written = rawText(tokens.slice(from, last));
  return {
    text: trimFreeText(from === start ? written.replace(KEY, "") : written.replace(/^of /i, "")),
    others: tokens.toSpliced(start, last - start),
  };
}

/** A remark that is all there is. */
export function wholeFreeText(tokens: readonly Token[]): string {
  const isOneWord = tokens.length === 1 && tokens[0]?.kind === "word";
  return (isOneWord ? quotedAt(tokens, 0) : undefined) ?? trimFreeText(rawText(tokens));
}

const KEY = /^!?[\p{L}\p{N}._-]+ *[=!:]+/u;

/** A quote that is closed within a word was opened within another quote: `"He said "wait" again"`. */
function quotedAt(tokens: readonly Token[], at: number): string | undefined {
  const [token, next] = tokens.slice(at, at + 2);
  const [word, ...others] = token?.kind === "pair" ? token.values : [token?.word];
  if (!token || !word?.quoted || word.prefix || others.length > 0) return undefined;
  const isWithin = !/[ ,;]$/.test(token.raw) && /^[\p{L}\p{N}]/u.test(next?.raw ?? "");
  return isWithin ? undefined : word.text;
}

function rawText(tokens: readonly Token[]): string {
  return tokens.map(({ raw }) => raw).join("");
}

/** Without what only parted it from the words in front and behind; signs alone say nothing. */
function trimFreeText(written: string): string {
  const text = trimEnd(written.trim().replace(/^[-:,;]+ +/, ""), " ,;");
  return /^[\p{P} ]*$/u.test(text) ? "" : text;
}
