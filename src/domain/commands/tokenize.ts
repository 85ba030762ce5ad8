import {
  looksLikeId,
  type PairToken,
  pairToken,
  plainWord,
  type Token,
  trimEnd,
  type Word,
  wordToken,
} from "./tokens.ts";
import { isFiller } from "./vocabulary.ts";

/** Parts straightened text into words and pairs. Any text has tokens; each character is looked at a few times at most. */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = skip(text, 0, " ,;");
  while (at < text.length) {
    const [token, end] = readPair(text, at) ?? readWordToken(text, at);
    const next = skip(text, end, " ,;");
    tokens.push({ ...token, raw: text.slice(at, next) });
    at = next;
  }
  return tokens;
}

/** A colon before `//` belongs to a web address. People put the "not" where they know it from: `!a=b`, `a!=b`, `a=!b`. */
const KEY = /(!?)(\p{L}[\p{L}\p{N}._-]*) *(!==?|=!|==?|:(?!\/\/))/uy;
const LONGEST_KEY = 32;

type Read<T> = readonly [T, number];

function keyAt(text: string, at: number): { key: string; sign: PairToken["sign"]; end: number } | undefined {
  KEY.lastIndex = at;
  const match = KEY.exec(text);
  const [all = "", not = "", key = "", sign = "="] = match ?? [];
  if (match === null || key.length > LONGEST_KEY) return undefined;
  if (looksLikeId(text.slice(at, endOfRun(text, at)))) return undefined;
  const isNot = (not === "!") !== sign.includes("!");
  return { key, sign: isNot ? "!=" : sign === ":" ? ":" : "=", end: at + all.length };
}

function readPair(text: string, at: number): Read<Token> | undefined {
  const found = keyAt(text, at);
  if (!found) return undefined;
  const [values, end] = readValues(text, found.end);
  return [pairToken(found.key, values, found.sign), end];
}

function readValues(text: string, from: number): Read<readonly Word[]> {
  const values: Word[] = [];
  let end = from;
  let next = skip(text, from, " ");
  while (next < text.length && text[next] !== "," && !(next > from && startsNextTerm(text, next, values))) {
    const [word, after] = readWord(text, next);
    values.push(word);
    end = after;
    const comma = skip(text, after, " ");
    if (text[comma] !== ",") break;
    next = skip(text, comma, " ,");
  }
  return [values, end];
}

/** Whether the list of values is over and the next term, or the rest of the sentence, begins here. */
function startsNextTerm(text: string, at: number, values: readonly Word[]): boolean {
  if (keyAt(text, at)) return true;
  if (values.length === 0 || text[at - 1] !== " ") return false;
  return isFiller(plainWord(text.slice(at, endOfRun(text, at))));
}

function readWordToken(text: string, at: number): Read<Token> {
  const [word, end] = readWord(text, at);
  return [wordToken(word), end];
}

function readWord(text: string, at: number): Read<Word> {
  return text[at] === '"' || text[at] === "'" ? readQuoted(text, at) : readBare(text, at);
}

function readBare(text: string, at: number): Read<Word> {
  const end = endOfRun(text, at);
  const whole = trimEnd(text.slice(at, end), ";");
  const plain = trimEnd(whole, ".!?");
  const run = end === text.length || looksLikeId(plain) ? plain : whole;
  const prefix = run.endsWith("*");
  return [{ text: prefix ? run.slice(0, -1) : run, quoted: false, exact: false, prefix }, end];
}

const CODE_POINT_ESCAPE = /\\u\{([0-9a-f]{1,6})\}/i;
const ESCAPE = /\\(?:u\{([0-9a-f]{1,6})\}|(["'\\]))/gi;
const LAST_CODE_POINT = 0x10ffff;

function readQuoted(text: string, at: number): Read<Word> {
  const close = closingQuote(text, at);
  const inside = text.slice(at + 1, close).trim();
  const prefix = text[close + 1] === "*";
  const word = { text: unescaped(inside), quoted: true, exact: CODE_POINT_ESCAPE.test(inside), prefix };
  return [word, Math.min(close + (prefix ? 2 : 1), text.length)];
}

function unescaped(inside: string): string {
  return inside.replace(ESCAPE, (all, number: string | undefined, sign: string | undefined) => {
    if (number === undefined) return sign ?? all;
    const code = Number.parseInt(number, 16);
    return code <= LAST_CODE_POINT ? String.fromCodePoint(code) : all;
  });
}

/** Where the quote ends; a quote left open ends with the text. An apostrophe within a word does not close a single quote. */
function closingQuote(text: string, open: number): number {
  const quote = text[open];
  for (let at = open + 1; at < text.length; at += text[at] === "\\" ? 2 : 1) {
    if (text[at] !== quote) continue;
    if (quote === '"' || !/[\p{L}\p{N}]/u.test(text[at + 1] ?? "")) return at;
  }
  return text.length;
}

function endOfRun(text: string, at: number): number {
  let end = at;
  while (end < text.length && text[end] !== " " && text[end] !== ",") end += 1;
  return end;
}

function skip(text: string, from: number, signs: string): number {
  let at = from;
  while (at < text.length && signs.includes(text.charAt(at))) at += 1;
  return at;
}
