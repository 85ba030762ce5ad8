import type { FilterField } from "../customers/filter-fields.ts";
import { beginsName, statusesNamed, valuesNamed } from "./field-values.ts";
import { FEW_FILLERS } from "./noise-words.ts";
import { bareWord, pairToken, type Token, unquotedWord } from "./tokenize.ts";
import { isFiller, LIST_WORDS } from "./vocabulary.ts";

/** The term of a filter that some words of a message mean, or nothing for words that only lead to others. */
export interface TermMatch {
  readonly token?: Token | undefined;
  /** The number of tokens that it replaces. */
  readonly consumed: number;
  readonly kind?: "not" | "status";
  /** It may be a part of the name of a customer. */
  readonly mayBeName?: PossibleName;
}

/**
 * Where words are a part of a name rather than a term: beside other search words ("Air France", "Acme Calling"), there only without
 * a status, always without a status ("Texas Instruments"), or unless another term is beside them ("2560").
 */
export type PossibleName = "beside others" | "beside others without a status" | "without a status" | "alone";

export const LONGEST_PHRASE = 5;

/** The longest phrase that names a value of the field. */
export function matchPhrase(field: FilterField, tokens: readonly Token[], at: number): TermMatch | undefined {
  if (!beginsName(field, unquotedWord(tokens[at]) ?? "")) return undefined;
  for (let length = LONGEST_PHRASE; length > 0; length -= 1) {
    const words = plainWords(tokens, at, length);
    const values = words.length === length ? valuesNamed(field, words) : undefined;
    if (values?.length) return { token: pairToken(field, values.map(bareWord)), consumed: length };
  }
  return undefined;
}

/** Up to `count` unquoted words from `at`, in lower case. */
export function plainWords(tokens: readonly Token[], at: number, count: number): readonly string[] {
  return tokens
    .slice(at, at + count)
    .map(unquotedWord)
    .filter((word) => word !== undefined);
}

/** "in Berlin", "from Germany" */
export function isIn(word: string | undefined): boolean {
  return word === "in" || word === "from" || word === "near";
}

export function isStatusWord(word: string): boolean {
  return (statusesNamed(word)?.length ?? 0) > 0;
}

export function isErrorWord(word: string | undefined): boolean {
  return statusesNamed(word ?? "")?.includes("error") ?? false;
}

/** A noun for customers, or a word for a status. */
export function isStatusOrNoun(word: string | undefined): boolean {
  return word !== undefined && (NOUNS.has(word) || isStatusWord(word));
}

const NOUNS: ReadonlySet<string> = new Set([...LIST_WORDS, "customer", "client", "package", "packages"]);

/** The word in front of `at`, without fillers. */
export function wordBefore(tokens: readonly Token[], at: number): string | undefined {
  let before = at - 1;
  while (before >= 0 && at - before <= FEW_FILLERS && isFiller(unquotedWord(tokens[before]) ?? "")) before -= 1;
  return unquotedWord(tokens[before]);
}
