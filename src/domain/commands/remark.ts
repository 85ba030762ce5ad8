import { type Token, trimEnd } from "./tokens.ts";

/** What somebody says in words of their own, a note or a reason, and what else there is. */
export interface Remark {
  /** As it was typed: capitals, quotes and commas stay. Empty when nothing was said. */
  readonly text: string;
  readonly others: readonly Token[];
}

/**
 * The remark that the token at `start` begins, `because="…"` or the word "because": what is in quotes behind it, or else every
 * word up to the next token that `ends` it.
 */
export function takeRemark(tokens: readonly Token[], start: number, ends: (token: Token) => boolean): Remark {
  const [first, next] = tokens.slice(start, start + 2);
  const quoted = quotedOf(first) ?? (first?.kind === "word" ? quotedOf(next) : undefined);
  if (quoted !== undefined) {
    return { text: quoted, others: tokens.toSpliced(start, first?.kind === "word" ? 2 : 1) };
  }
  const end = tokens.findIndex((token, at) => at > start && ends(token));
  const last = end < 0 ? tokens.length : end;
  const own = first?.kind === "pair" ? first.written.replace(KEY, "") : "";
  return {
    text: tidied(own + writtenOf(tokens.slice(start + 1, last))),
    others: [...tokens.slice(0, start), ...tokens.slice(last)],
  };
}

/** These tokens as they were typed. */
export function asWritten(tokens: readonly Token[]): string {
  return tidied(writtenOf(tokens));
}

const KEY = /^!?[\p{L}\p{N}._-]+ *[=!:]+/u;

function quotedOf(token: Token | undefined): string | undefined {
  const words = token?.kind === "pair" ? token.values : [token?.word];
  const [word] = words;
  return words.length === 1 && word?.quoted && !word.prefix ? word.text : undefined;
}

function writtenOf(tokens: readonly Token[]): string {
  return tokens.map(({ written }) => written).join("");
}

/** Without what only parted it from the words in front and behind; signs alone say nothing. */
function tidied(written: string): string {
  const text = trimEnd(written.trim().replace(/^[-:,;]+ +/, ""), " ,;");
  return /^[\p{P} ]*$/u.test(text) ? "" : text;
}
