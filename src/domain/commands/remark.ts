import { type Token, trimEnd } from "./tokens.ts";

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
export function takeFreeText(
  tokens: readonly Token[],
  start: number,
  ends: (token: Token) => boolean,
): FreeText {
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
