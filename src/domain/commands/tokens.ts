/** A word or a value as it was written. */
export interface Word {
  readonly text: string;
  /** In quotes: it means itself. */
  readonly quoted: boolean;
  /** Holds a character written by its number, as in `"\u{41}"`: not even its spelling is put right. */
  readonly exact: boolean;
  readonly prefix: boolean;
}

/** `written` is the text that a token was read from, with whatever parts it from the next: notes and reasons stay as they were typed. */
export interface WordToken {
  readonly kind: "word";
  readonly word: Word;
  readonly raw: string;
}

/** `key=value` and its like. */
export interface PairToken {
  readonly kind: "pair";
  readonly key: string;
  readonly sign: "=" | "!=" | ":";
  readonly values: readonly Word[];
  readonly raw: string;
}

export type Token = WordToken | PairToken;

/** A word as if it had been typed without quotes. */
export function bareWord(text: string): Word {
  return { text, quoted: false, exact: false, prefix: false };
}

export function wordToken(word: Word): WordToken {
  return { kind: "word", word, raw: `${word.text} ` };
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

/** What an unquoted word says: lower case, without the punctuation of a sentence. Undefined for anything else. */
export function unquotedWord(token: Token | undefined): string | undefined {
  if (token?.kind !== "word" || token.word.quoted || token.word.prefix) return undefined;
  return plainWord(token.word.text);
}

export function plainWord(text: string): string {
  return text === "?" ? text : trimEnd(text, ".!?:;").toLowerCase();
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const WEBEX_ID = /^Y2lz[\w+/=-]{16,}$/;

/** A UUID, or Webex's base64 (which may end in `=`): nobody types these by accident. */
export function looksLikeId(text: string): boolean {
  return UUID.test(text) || WEBEX_ID.test(text);
}

/** The text without these signs at its end. */
export function trimEnd(text: string, signs: string): string {
  let end = text.length;
  while (end > 0 && signs.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}
