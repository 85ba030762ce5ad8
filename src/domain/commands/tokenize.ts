import { inEnglish } from "./synonyms.ts";
import { isFiller } from "./vocabulary.ts";

/** Splits normalized text into words and pairs, in linear time. Every text has tokens. */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = skip(text, 0, " ,;");
  while (at < text.length) {
    const [token, end] = parsePair(text, at) ?? parseWordToken(text, at);
    const next = skip(text, end, " ,;");
    tokens.push({ ...token, raw: text.slice(at, next) });
    at = next;
  }
  return tokens;
}

/** A colon before `//` belongs to a web address. The "not" may stand in three places: `!a=b`, `a!=b`, `a=!b`. */
const KEY = /(!?)(\p{L}[\p{L}\p{N}._-]*) *(!==?|=!|==?|:(?!\/\/))/uy;
const LONGEST_KEY = 32;

/** The parsed part, and the index behind it. */
type WithEnd<T> = readonly [T, number];

function keyAt(text: string, at: number): { key: string; sign: PairToken["sign"]; end: number } | undefined {
  KEY.lastIndex = at;
  const match = KEY.exec(text);
  const [all = "", not = "", key = "", sign = "="] = match ?? [];
  if (match === null || key.length > LONGEST_KEY) return undefined;
  if (looksLikeId(text.slice(at, endOfRun(text, at)))) return undefined;
  const isNot = (not === "!") !== sign.includes("!");
  return { key, sign: isNot ? "!=" : sign === ":" ? ":" : "=", end: at + all.length };
}

function parsePair(text: string, at: number): WithEnd<Token> | undefined {
  const found = keyAt(text, at);
  if (!found) return undefined;
  const [values, end] = parseValues(text, found.end, found.key);
  return [pairToken(found.key, values, found.sign), end];
}

function parseValues(text: string, from: number, key: string): WithEnd<readonly Word[]> {
  const values: Word[] = [];
  let end = from;
  let next = skip(text, from, " ");
  while (next < text.length && text[next] !== "," && !(next > from && startsNextTerm(text, next, { key, values }))) {
    const [word, after] = parseWord(text, next);
    values.push(word);
    end = after;
    const comma = skip(text, after, " ");
    if (text[comma] !== ",") break;
    next = skip(text, comma, " ,");
  }
  return [values, end];
}

/** True if the list of values ends here, before the next term or the rest of the sentence. */
function startsNextTerm(
  text: string,
  at: number,
  { key, values }: { readonly key: string; readonly values: readonly Word[] },
): boolean {
  if (keyAt(text, at)) return true;
  if (values.length === 0 || text[at - 1] !== " ") return false;
  const word = plainWord(text.slice(at, endOfRun(text, at)));
  // "country=DE, US": many codes of countries are fillers as well.
  return isFiller(word) && !(word.length === 2 && /^country/i.test(key));
}

function parseWordToken(text: string, at: number): WithEnd<Token> {
  const [word, end] = parseWord(text, at);
  return [wordToken(word), end];
}

function parseWord(text: string, at: number): WithEnd<Word> {
  return text[at] === '"' || text[at] === "'" ? parseQuoted(text, at) : parseBare(text, at);
}

function parseBare(text: string, at: number): WithEnd<Word> {
  const end = endOfRun(text, at);
  const whole = withoutBrackets(trimEnd(text.slice(at, end), ";"));
  const plain = trimEnd(whole, ".!?");
  const run = end === text.length || looksLikeId(plain) ? plain : whole;
  const prefix = run.endsWith("*");
  return [{ text: prefix ? run.slice(0, -1) : run, quoted: false, exact: false, prefix }, end];
}

/** `(MV-000105)`, and both ends of "(Contoso Ltd)"; `acme(1)` is a name. */
function withoutBrackets(run: string): string {
  const open = run.replace(/^[([{¿¡]+(?=.)/, "");
  return /[([{]/.test(open) ? open : trimEnd(open, ")]}") || open;
}

const CODE_POINT_ESCAPE = /\\u\{([0-9a-f]{1,6})\}/i;
const ESCAPE = /\\(?:u\{([0-9a-f]{1,6})\}|(["'\\]))/gi;
const LAST_CODE_POINT = 0x10ffff;

function parseQuoted(text: string, at: number): WithEnd<Word> {
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

/** An open quote ends with the text. An apostrophe within a word does not close a single quote. */
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

/** A word or a value as it was written. */
export interface Word {
  readonly text: string;
  /** A quoted word has no meaning but itself. */
  readonly quoted: boolean;
  /** Holds a code point escape, as in `"\u{41}"`: not even its spelling is corrected. */
  readonly exact: boolean;
  readonly prefix: boolean;
}

export interface WordToken {
  readonly kind: "word";
  readonly word: Word;
  /** The text of the token with the separators behind it, so that notes and reasons stay as they were typed. */
  readonly raw: string;
}

/** `key=value`, `key!=value`, `key: value`. */
export interface PairToken {
  readonly kind: "pair";
  readonly key: string;
  readonly sign: "=" | "!=" | ":";
  readonly values: readonly Word[];
  readonly raw: string;
}

export type Token = WordToken | PairToken;

export function bareWord(text: string): Word {
  return { text, quoted: false, exact: false, prefix: false };
}

export function wordToken(word: Word): WordToken {
  return { kind: "word", word, raw: `${word.text} ` };
}

export function bareToken(text: string): WordToken {
  return wordToken(bareWord(text));
}

export function pairToken(key: string, values: readonly Word[], sign: PairToken["sign"] = "="): PairToken {
  return {
    kind: "pair",
    key,
    sign,
    values,
    raw: `${key}${sign}${values.map(({ text }) => text).join(",")} `,
  };
}

/** An unquoted word in lower case, in English, without the punctuation of a sentence; undefined for any other token. */
export function unquotedWord(token: Token | undefined): string | undefined {
  if (token?.kind !== "word" || token.word.quoted || token.word.prefix) return undefined;
  return plainWord(token.word.text);
}

export function plainWord(text: string): string {
  return text === "?" ? text : inEnglish(trimEnd(text, ".!?:;").toLowerCase());
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const WEBEX_ID = /^Y2lz[\w+/=-]{16,}$/;

/** A UUID, or a base64 id of Webex, which may end in `=`. */
export function looksLikeId(text: string): boolean {
  return UUID.test(text) || WEBEX_ID.test(text);
}

/** The text without these signs at its end. */
export function trimEnd(text: string, signs: string): string {
  let end = text.length;
  while (end > 0 && signs.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

/**
 * Undoes what phones and clients change: plain quotes, spaces, dashes and signs, no invisible characters, and links and
 * e-mail addresses as people typed them. ASCII letters and digits are never changed, so ids stay as they are.
 */
export function normalizeText(text: string): string {
  return plainCharacters(withoutMarkup(text)).trim();
}

/** Every pattern stops at the next `<` or `[`, so that each takes linear time. A tag needs its full shape, so a plain `<` stays. */
const ATTRIBUTES = String.raw`(?:\s+[a-z-]+=(?:"[^"<>]*"|'[^'<>]*'))*\s*\/?`;
const BLOCK_TAG = new RegExp(String.raw`<\/?(?:p|br|div|li|ul|ol|blockquote|pre)${ATTRIBUTES}>`, "gi");
const INLINE_TAG = new RegExp(String.raw`<\/?(?:a|b|i|em|strong|span|code)${ATTRIBUTES}>`, "gi");
const POINTED_LINK = /<((?:mailto:|https?:\/\/)[^<>|\s]*)(?:\|([^<>]*))?>/gi;
const MARKDOWN_LINK = /\[([^[\]]+)\]\((?:mailto:|https?:\/\/|www\.)[^()\s]*\)/gi;
const CODE = /`+([^`]*)`+/g;
const MAILTO = /(^|[\s"'=:,(])mailto:(?=[^\s@]{1,64}@)/gi;
const ENTITY = /&(?:amp|lt|gt|quot|apos|nbsp|#39|#x27|#34);/gi;

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ["&amp;", "&"],
  ["&lt;", "<"],
  ["&gt;", ">"],
  ["&quot;", '"'],
  ["&apos;", "'"],
  ["&nbsp;", " "],
  ["&#39;", "'"],
  ["&#x27;", "'"],
  ["&#34;", '"'],
]);

function withoutMarkup(text: string): string {
  return text
    .replace(POINTED_LINK, (_, address: string, label?: string) => label ?? address)
    .replace(BLOCK_TAG, " ")
    .replace(INLINE_TAG, "")
    .replace(MARKDOWN_LINK, "$1")
    .replace(CODE, "$1")
    .replace(MAILTO, "$1")
    .replace(ENTITY, (entity) => ENTITIES.get(entity.toLowerCase()) ?? entity);
}

const FULL_WIDTH_OFFSET = 0xfee0;

function plainCharacters(text: string): string {
  return (
    text
      .replace(/[\p{Cf}\ue000\ue001]/gu, "")
      .replace(/\s/g, " ")
      .replace(/\p{Cc}/gu, "")
      .replace(/[！-～]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - FULL_WIDTH_OFFSET))
      .replace(/[“”„‟«»″〝〞]/g, '"')
      .replace(/[‘’‚‛‹›′ʼ´]/g, "'")
      .replace(/[‐-―−﹘﹣]/g, "-")
      .replace(/…/g, "...")
      .replace(/。/g, ".")
      .replace(/[、،]/g, ",")
      .replace(/≠/g, "!=")
      // The bot shows this sign for a star where a real star would be markup.
      .replace(/∗/g, "*")
  );
}
