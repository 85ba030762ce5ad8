import { squashed } from "../customers/filter.ts";
import { readSince } from "../customers/since.ts";
import { spoken, type Token } from "./tokens.ts";

/** How long something is to last, as somebody said it, and what else there is. */
export interface Lasting {
  readonly said?: string;
  readonly others: readonly Token[];
}

/** `for=2h`; in speech "for 2 hours" in front of the reason or at the very end, or "2h" among other words. */
export function takeSpan(tokens: readonly Token[], reasonAt: number): Lasting {
  return takePair(tokens) ?? takeSpoken(tokens, reasonAt) ?? takeBare(tokens, reasonAt) ?? { others: tokens };
}

/** Milliseconds: as a `since` is written, and "an hour". */
export function spanNamed(text: string): number | undefined {
  return readSince(text.replace(/^(?:an?|one) /i, ""));
}

function takePair(tokens: readonly Token[]): Lasting | undefined {
  const at = tokens.findIndex(
    (token) => token.kind === "pair" && /^(?:for|duration)$/.test(squashed(token.key)),
  );
  const pair = tokens[at];
  if (pair?.kind !== "pair") return undefined;
  const value = pair.values.map(({ text }) => text).join(" ");
  const unit = unitOf(value, tokens[at + 1]);
  if (unit !== undefined) return { said: `${value} ${unit}`, others: tokens.toSpliced(at, 2) };
  const others = tokens.toSpliced(at, 1);
  return value === "" ? { others } : { said: value, others };
}

function takeSpoken(tokens: readonly Token[], reasonAt: number): Lasting | undefined {
  for (const [at, token] of tokens.entries()) {
    if (spoken(token) !== "for") continue;
    const found = spanAt(tokens, pastNext(tokens, at + 1));
    if (found && (at < reasonAt || found.end === tokens.length)) {
      return { said: found.said, others: tokens.toSpliced(at, found.end - at) };
    }
  }
  return undefined;
}

/** "for the next 2 hours" is "for 2 hours". */
function pastNext(tokens: readonly Token[], from: number): number {
  let at = from;
  while (at < tokens.length && /^(?:the|next|about)$/.test(spoken(tokens[at]) ?? "")) at += 1;
  return at;
}

function spanAt(tokens: readonly Token[], at: number): { said: string; end: number } | undefined {
  const one = spoken(tokens[at]) ?? "";
  const unit = unitOf(one, tokens[at + 1]);
  if (unit !== undefined) return { said: `${one} ${unit}`, end: at + 2 };
  // What begins with a digit is meant for a span, even where it is none.
  return /^\d/.test(one) || spanNamed(one) !== undefined ? { said: one, end: at + 1 } : undefined;
}

/** The "hours" behind a count. */
function unitOf(count: string, next: Token | undefined): string | undefined {
  const word = spoken(next);
  if (word === undefined || !/^(?:\d+|an?|one)$/i.test(count)) return undefined;
  return spanNamed(`1 ${word}`) === undefined ? undefined : word;
}

/** "mute acme 2h": a span, as long as it is not all there is, which may be called so. */
function takeBare(tokens: readonly Token[], reasonAt: number): Lasting | undefined {
  if (reasonAt < 2) return undefined;
  const at = tokens.findIndex((token, index) => index < reasonAt && isBareSpan(spoken(token)));
  const said = spoken(tokens[at]);
  return said === undefined ? undefined : { said, others: tokens.toSpliced(at, 1) };
}

function isBareSpan(word: string | undefined): boolean {
  return word !== undefined && /^\d{1,4}[a-z]+$/.test(word) && spanNamed(word) !== undefined;
}
