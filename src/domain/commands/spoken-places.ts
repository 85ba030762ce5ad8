import { foldCase } from "../customers/compare-text.ts";
import { fieldNamed } from "../customers/filter.ts";
import { countryOfAdjective } from "../customers/nationalities.ts";
import { valuesNamed } from "./field-values.ts";
import { FEW_FILLERS, skipFillers } from "./noise-words.ts";
import {
  isIn,
  isStatusOrNoun,
  isStatusWord,
  matchPhrase,
  plainWords,
  type TermMatch,
  wordBefore,
} from "./term-match.ts";
import { bareWord, pairToken, type Token, unquotedWord } from "./tokenize.ts";
import { isFiller } from "./vocabulary.ts";

/** "in Germany", "in Texas", "outside Spain", "German customers", "in the city of Madrid". */
export function matchPlace(tokens: readonly Token[], at: number): TermMatch | undefined {
  return (
    matchCountry(tokens, at) ?? matchState(tokens, at) ?? matchAdjective(tokens, at) ?? matchNamedPlace(tokens, at)
  );
}

/** "in Germany", "in DE"; without "in" only a name, which may be that of a customer. */
function matchCountry(tokens: readonly Token[], at: number): TermMatch | undefined {
  const lead = unquotedWord(tokens[at]);
  // "no Brasil" is Portuguese for "in Brazil".
  const isLed = isIn(lead) || lead === "no" || lead === "outside";
  const start = isLed ? skipArticle(tokens, at + 1) : at;
  const found = matchPhrase("country", tokens, start);
  const [word = ""] = plainWords(tokens, start, 1);
  if (found?.token?.kind !== "pair") return undefined;
  const token = lead === "outside" ? { ...found.token, sign: "!=" as const } : found.token;
  if (isLed && !isPronoun(tokens, start)) return { token, consumed: start + found.consumed - at };
  return word.length > 2 && !isLed && !isFiller(word) ? { ...found, mayBeName: "beside others" } : undefined;
}

/** "in Texas", "in TX", "state TX"; without "in" only beside a status. */
function matchState(tokens: readonly Token[], at: number): TermMatch | undefined {
  const isNamed = isStateKey(unquotedWord(tokens[at]));
  const isLed = isNamed || isIn(unquotedWord(tokens[at]));
  const start = isLed ? skipArticle(tokens, at + 1) : at;
  const found = matchPhrase("state", tokens, start);
  const [word = ""] = plainWords(tokens, start, 1);
  if (found === undefined || (word.length === 2 && !isNamed && !(isLed && isCapital(tokens[start])))) return undefined;
  const behind = start + found.consumed;
  const isFollowed = isStateKey(unquotedWord(tokens[behind])) && !isStatusWord(unquotedWord(tokens[behind + 1]) ?? "");
  const [name = ""] = valuesNamed("state", plainWords(tokens, start, found.consumed)) ?? [];
  const match = { token: pairToken("state", [bareWord(name)]), consumed: behind + (isFollowed ? 1 : 0) - at };
  return isLed ? match : { ...match, mayBeName: "without a status" };
}

function isStateKey(word: string | undefined): boolean {
  return word !== undefined && fieldNamed(word) === "state";
}

function skipArticle(tokens: readonly Token[], from: number): number {
  let at = from;
  while (at - from < FEW_FILLERS && /^(?:the|of|state)$/.test(unquotedWord(tokens[at]) ?? "")) at += 1;
  return at;
}

/** "in my space", "in it" are no countries, but "in IT" is. */
function isPronoun(tokens: readonly Token[], at: number): boolean {
  const word = unquotedWord(tokens[at]) ?? "";
  return !isCapital(tokens[at]) && /^(?:my|me|it|is|be|no|so|to|as|by|am|an|at|all)$/.test(word);
}

function isCapital(token: Token | undefined): boolean {
  return token?.kind === "word" && /^[A-Z]{2}\b/.test(token.word.text);
}

/** "German customers", "clientes españoles": an adjective beside a noun; "German Pellets" is a name. */
function matchAdjective(tokens: readonly Token[], at: number): TermMatch | undefined {
  const country = countryOfAdjective(foldCase(unquotedWord(tokens[at]) ?? ""));
  if (country === undefined) return undefined;
  const token = pairToken("country", [bareWord(country)]);
  const packages = matchPhrase("package", tokens, at + 1)?.consumed ?? 0;
  const isBeside = isListed(unquotedWord(tokens[at + 1 + packages])) || isListed(unquotedWord(tokens[at - 1]));
  return isBeside ? { token, consumed: 1 } : undefined;
}

function isListed(word: string | undefined): boolean {
  return isStatusOrNoun(word) || /^(?:alerts?|ones|codes?)$/.test(word ?? "");
}

/** True if an unquoted search word would be read as a country beside some other word. */
export function isAdjective(word: string): boolean {
  return countryOfAdjective(foldCase(word)) !== undefined;
}

/** "in the city of Madrid", "errors in state Bavaria": the key of a place behind "in" or a status. "City Bank" is a name. */
function matchNamedPlace(tokens: readonly Token[], at: number): TermMatch | undefined {
  const start = isIn(unquotedWord(tokens[at])) ? skipFillers(tokens, at + 1, FEW_FILLERS) : at;
  const key = unquotedWord(tokens[start]) ?? "";
  const field = fieldNamed(key);
  if (field === undefined || !isPlaceKey(key)) return undefined;
  const before = wordBefore(tokens, start);
  const isLed = start > at || isIn(unquotedWord(tokens[start - 1])) || isStatusWord(before ?? "");
  const value = tokens[skipFillers(tokens, start + 1, FEW_FILLERS)];
  if (!isLed || value?.kind !== "word" || isStatusOrNoun(unquotedWord(value))) return undefined;
  return { token: pairToken(field, [value.word]), consumed: tokens.indexOf(value) + 1 - at };
}

/** True if an unquoted search word would be read as the key of a city or a state, or as "not in". */
export function isPlaceKey(word: string): boolean {
  const field = fieldNamed(word);
  return field === "city" || field === "state" || word === "outside";
}
