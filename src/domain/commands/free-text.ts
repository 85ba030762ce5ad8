import { type Token, trimEnd } from "./tokenize.ts";

/** A note or a reason in the sender's own words, and the other tokens. */
export interface FreeText {
  /** As it was typed, with its capitals, quotes and commas; empty when there is none. */
  readonly text: string;
  readonly others: readonly Token[];
}

/**
 * The free text that the token at `start` begins, `because="…"` or the word "because": what is in quotes behind it, or else
 * every word up to the next token for which `isEnd` is true.
 */
export function takeFreeText(tokens: readonly Token[], start: number, isEnd: (token: Token) => boolean): FreeText {
  const from = tokens[start]?.kind === "pair" ? start : start + 1;
  const end = tokens.findIndex((token, at) => at > start && isEnd(token));
  const last = end < 0 ? tokens.length : end;
  const quoted = quotedAt(tokens, from);
  if (quoted !== undefined) return { text: quoted, others: tokens.toSpliced(start, from + 1 - start) };
  const written = rawText(tokens.slice(from, last));
  return {
    text: trimFreeText(from === start ? written.replace(KEY, "") : written.replace(/^(?:of|to) /i, "")),
    others: tokens.toSpliced(start, last - start),
  };
}

export function wholeFreeText(tokens: readonly Token[]): string {
  const isOneWord = tokens.length === 1 && tokens[0]?.kind === "word";
  return (isOneWord ? quotedAt(tokens, 0) : undefined) ?? trimFreeText(rawText(tokens));
}

const KEY = /^!?[\p{L}\p{N}._-]+ *[=!:]+/u;

/** Undefined also for a quote that ends within a word: it is part of another quote, as in `"He said "wait" again"`. */
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

/** Without the punctuation between it and other words; empty when it is punctuation alone. */
function trimFreeText(written: string): string {
  const text = trimEnd(written.trim().replace(/^[-:,;]+ +/, ""), " ,;");
  return /^[\p{P} ]*$/u.test(text) ? "" : text;
}
