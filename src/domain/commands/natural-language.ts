import { fieldNamed } from "../customers/filter.ts";
import type { FilterField } from "../customers/filter-fields.ts";
import { STATUS_WORDS, statusesNamed, valuesNamed } from "./field-values.ts";
import { JOINED_FIELDS } from "./format-terms.ts";
import { FEW_FILLERS, skipFillers } from "./noise-words.ts";
import { matchCode, matchNumber } from "./spoken-codes.ts";
import { matchPlace } from "./spoken-places.ts";
import { isDescending, matchListSetting, matchPrefix } from "./spoken-settings.ts";
import { isSinceWord, spokenSince } from "./spoken-since.ts";
import { type Distance, nearest } from "./suggest.ts";
import {
  isIn,
  isStatusOrNoun,
  isStatusWord,
  LONGEST_PHRASE,
  matchPhrase,
  plainWords,
  type TermMatch,
  wordBefore,
} from "./term-match.ts";
import { bareWord, type PairToken, pairToken, plainWord, type Token, unquotedWord, type Word } from "./tokenize.ts";
import { impliedKey, isFiller, isNegation, isNumeric, LIST_WORDS } from "./vocabulary.ts";

/**
 * Plain language as terms: "that are not failing in Berlin" becomes `status!=error` and the search word `Berlin`.
 * Fillers and the word "customers" are left out; quoted words and pairs stay. With `ofErrors`, as for alerts, words for
 * errors are left out as well.
 */
export function naturalLanguageTerms(tokens: readonly Token[], distance: Distance, ofErrors = false): readonly Token[] {
  const terms: Token[] = [];
  const spoken = new Set<Token>();
  for (const said of withNegations(matchTerms(tokens, distance), tokens)) {
    if (ofErrors && said.isStatus && !said.negated && isErrorTerm(said.term)) continue;
    const before = canJoin(terms.at(-1), said, spoken) ? terms.pop() : undefined;
    const term = before === undefined ? said.term : joinTerms(before, said.term);
    terms.push(term);
    if (said.isSpoken) spoken.add(term);
  }
  return withErrorsOfPackage(terms, spoken);
}

interface SpokenTerm {
  readonly term: Token;
  readonly isStatus: boolean;
  /** In words, not as `field=value`. */
  readonly isSpoken: boolean;
  readonly negated: boolean;
  /** The word "and" or "or", or a comma, in front of it. */
  readonly joiner: string | undefined;
}

/** The terms, each with the "not" in front of it. */
function withNegations(matches: readonly PlacedMatch[], tokens: readonly Token[]): readonly SpokenTerm[] {
  let negated = false;
  return matches.flatMap(({ token, kind, at }) => {
    negated ||= kind === "not";
    if (token === undefined) return [];
    const term = negated ? negation(token) : token;
    const isSpoken = token.kind === "pair" && tokens[at]?.kind !== "pair";
    const said = { term, isStatus: kind === "status", isSpoken, negated, joiner: joinerBefore(tokens, at) };
    negated = false;
    return [said];
  });
}

function joinerBefore(tokens: readonly Token[], at: number): string | undefined {
  const before = tokens[at - 1];
  const word = unquotedWord(before) ?? "";
  if (/^(?:and|or|nor)$/.test(word)) return word;
  return before?.raw.includes(",") ? "," : undefined;
}

type PlacedMatch = TermMatch & { readonly at: number };

/** The meanings of the tokens, one after the other. A word that may be a part of a name is one if the message says no more about it. */
function matchTerms(tokens: readonly Token[], distance: Distance): readonly PlacedMatch[] {
  const matches: PlacedMatch[] = [];
  for (let at = 0; at < tokens.length; ) {
    const match = matchTerm(tokens, at, distance);
    matches.push({ ...match, at });
    at += match.consumed;
  }
  const isNamed = matches.some(({ token, at }) => token?.kind === "word" && !isPlace(tokens, at));
  const hasStatus = matches.some(({ kind }) => kind === "status");
  const pairs = matches.filter(({ token }) => token?.kind === "pair").length;
  const isPartOfName: Readonly<Record<NonNullable<TermMatch["mayBeName"]>, boolean>> = {
    "beside others": isNamed,
    "beside others without a status": isNamed && !hasStatus,
    "without a status": isNamed || !hasStatus,
    alone: isNamed || pairs < 2,
  };
  return matches.flatMap((match): readonly PlacedMatch[] => {
    const { at, consumed, mayBeName } = match;
    if (mayBeName === undefined || !isPartOfName[mayBeName]) return [match];
    return tokens
      .slice(at, at + consumed)
      .map((token, more) => ({ ...matchPlainWord(unquotedWord(token) ?? "", token), at: at + more }));
  });
}

/** "in Berlin": customers are searched for by their cities as well. */
function isPlace(tokens: readonly Token[], at: number): boolean {
  return isIn(unquotedWord(tokens[at - 1]));
}

/** "calling errors" are those of that package, and not of customers that have it. `status=error` means what it says. */
function withErrorsOfPackage(terms: readonly Token[], spoken: ReadonlySet<Token>): readonly Token[] {
  const errors = terms.filter((term) => spoken.has(term) && isPositive(term, "status") && isErrorTerm(term));
  if (errors.length !== 1 || !terms.some((term) => isPositive(term, "package"))) return terms;
  return terms.map((term) => (term === errors[0] ? pairToken("package.status", [bareWord("error")]) : term));
}

function isPositive(term: Token, field: FilterField): boolean {
  return term.kind === "pair" && term.sign !== "!=" && fieldNamed(term.key) === field;
}

/** True if the message begins with words for a filter, so that they are no mistyped command. */
export function beginsWithTerm(tokens: readonly Token[], distance: Distance): boolean {
  const { token, kind, consumed } = matchTerm(tokens, 0, distance);
  return kind === "not" || token?.kind === "pair" || consumed > 1;
}

/** True if it begins with the name of a package of several words: "customer assist" is no command. */
export function beginsWithPackage(tokens: readonly Token[]): boolean {
  return (matchPhrase("package", tokens, 0)?.consumed ?? 0) > 1;
}

/** True for a term that selects what is in error. */
export function isErrorTerm(token: Token): boolean {
  return token.kind === "pair" && token.values.some(({ text }) => text === "error");
}

function matchTerm(tokens: readonly Token[], at: number, distance: Distance): TermMatch {
  const token = tokens[at];
  if (token?.kind === "pair") return withRestOfPhrase(token, tokens, at);
  const word = unquotedWord(token);
  if (word === undefined) return { token, consumed: 1 };
  return (
    matchCode(tokens, at) ??
    matchPackage(tokens, at) ??
    matchStatus(tokens, at) ??
    matchListSetting(tokens, at) ??
    matchTime(tokens, at) ??
    matchPlace(tokens, at) ??
    matchNumber(tokens, at) ??
    matchPrefix(tokens, at) ??
    matchImpliedField(word, tokens, at) ??
    matchStuck(word, tokens, at) ??
    matchMistypedStatus(word, unquotedWord(tokens[at - 1]), distance) ??
    matchPlainWord(word, token)
  );
}

/** "webex calling", "the calling package". It is no name beside a word for a status or a noun. */
function matchPackage(tokens: readonly Token[], at: number): TermMatch | undefined {
  const found = matchPhrase("package", tokens, at);
  if (found === undefined) return undefined;
  const before = wordBefore(tokens, at);
  const after = unquotedWord(tokens[skipFillers(tokens, at + found.consumed, FEW_FILLERS)]);
  const isNoun = isStatusOrNoun(before) || isStatusOrNoun(after) || isNegation(before ?? "");
  return isNoun ? found : { ...found, mayBeName: "beside others" };
}

/** "today", "since yesterday". A day alone is no name beside a word for a status. */
function matchTime(tokens: readonly Token[], at: number): TermMatch | undefined {
  const found = spokenSince(tokens, at);
  if (found === undefined) return undefined;
  const { since, consumed, isLed } = found;
  const token = pairToken("since", [bareWord(since)]);
  return isLed ? { token, consumed } : { token, consumed, mayBeName: "beside others without a status" };
}

/** `package=common area`, `city=São Paulo`, without quotes. */
function withRestOfPhrase(pair: PairToken, tokens: readonly Token[], at: number): TermMatch {
  const last = pair.values.at(-1);
  const field = fieldNamed(pair.key);
  if (!field || !last || last.quoted || last.prefix) return { token: pair, consumed: 1 };
  const more = JOINED_FIELDS.has(field)
    ? countNameWords(tokens, at + 1)
    : countPhraseWords(field, last, tokens, at + 1);
  if (more === 0) return { token: pair, consumed: 1 };
  const words = tokens.slice(at + 1, at + 1 + more).map((token) => (token.kind === "word" ? token.word.text : ""));
  const text = [last.text, ...words].join(" ");
  return { token: { ...pair, values: [...pair.values.slice(0, -1), bareWord(text)] }, consumed: more + 1 };
}

function countPhraseWords(field: FilterField, last: Word, tokens: readonly Token[], from: number): number {
  for (let more = LONGEST_PHRASE - 1; more > 0; more -= 1) {
    const words = [plainWord(last.text), ...plainWords(tokens, from, more)];
    if (words.length === more + 1 && valuesNamed(field, words) !== undefined) return more;
  }
  return 0;
}

/** The words behind a name that have no other meaning. */
function countNameWords(tokens: readonly Token[], from: number): number {
  let at = from;
  while (isNameWord(tokens[at])) at += 1;
  return at - from;
}

function isNameWord(token: Token | undefined): boolean {
  const word = unquotedWord(token);
  if (word === undefined || isFiller(word) || isNegation(word) || isStatusWord(word)) return false;
  return impliedKey(word) === undefined && !isSinceWord(word) && /[\p{L}\p{N}]/u.test(word);
}

/** A status of one to three words, with "state" or "status" behind it. */
function matchStatus(tokens: readonly Token[], at: number): TermMatch | undefined {
  // "with errors" is not the status `provisioned_with_errors` here, but every customer with problems.
  if (isFiller(unquotedWord(tokens[at]) ?? "")) return undefined;
  for (const length of [3, 2, 1]) {
    const words = plainWords(tokens, at, length);
    const texts = length === 1 ? statusesNamed(words.join(" ")) : valuesNamed("status", words);
    if (words.length !== length || !texts?.length) continue;
    const [after] = plainWords(tokens, at + length, 1);
    const hasNoun = after === "status" || after === "state" || after === "statuses";
    return {
      token: pairToken("status", texts.map(bareWord)),
      consumed: length + (hasNoun ? 1 : 0),
      kind: "status",
    };
  }
  return undefined;
}

/** `page 2`, `status is suspended`: a key and its value without a sign. A known status needs no key. */
function matchImpliedField(word: string, tokens: readonly Token[], at: number): TermMatch | undefined {
  const key = impliedKey(word);
  if (key === undefined) return undefined;
  let next = at + 1;
  while (isFiller(unquotedWord(tokens[next]) ?? "") || isCodeOfZip(key, tokens[next])) next += 1;
  if (isNounBeforeStatus(key, tokens, next)) return { consumed: next - at };
  const value = tokens[next];
  if (value?.kind !== "word" || isNegation(unquotedWord(value) ?? "")) return undefined;
  if (!isPossibleValue(key, value.word.text)) return undefined;
  if (key === "sort" && isDescending(unquotedWord(tokens[next + 1])))
    return { token: pairToken(key, [bareWord(`-${value.word.text}`)]), consumed: next + 2 - at };
  const { token, consumed } = withRestOfPhrase(pairToken(key, [value.word]), tokens, next);
  return { token, consumed: next - at + consumed };
}

/** "zip code 10115" */
function isCodeOfZip(key: string, token: Token | undefined): boolean {
  return key === "zip" && unquotedWord(token) === "code";
}

/** A zip has a digit, and the numbers begin with one. */
function isPossibleValue(key: string, text: string): boolean {
  return key === "zip" ? /\d/.test(text) : !isNumeric(key) || /^\d/.test(text);
}

/** "status failing", "calling package errors". */
function isNounBeforeStatus(key: string, tokens: readonly Token[], next: number): boolean {
  return (key === "status" || key === "package") && matchStatus(tokens, next) !== undefined;
}

/** "stuck in provisioning" */
function matchStuck(word: string, tokens: readonly Token[], at: number): TermMatch | undefined {
  const next = unquotedWord(tokens[skipFillers(tokens, at + 1, FEW_FILLERS)]);
  return word === "stuck" && next !== undefined && isStatusWord(next) ? { consumed: 1 } : undefined;
}

/** "in eror", "are fialing": a word in the place of a status that is nearly one is not a search word. */
function matchMistypedStatus(word: string, before: string | undefined, distance: Distance): TermMatch | undefined {
  const isExpected = before !== undefined && /^(?:in|with|are|is|not|without)$/.test(before);
  if (!isExpected || isFiller(word) || nearest(word, STATUS_WORDS, distance) === undefined) return undefined;
  return { token: pairToken("status", [bareWord(word)]), consumed: 1 };
}

function matchPlainWord(word: string, token: Token | undefined): TermMatch {
  if (isNegation(word)) return { consumed: 1, kind: "not" };
  const isNoun = LIST_WORDS.includes(word) || word === "customer" || word === "client";
  const isSearchWord = !isFiller(word) && !isNoun && /[\p{L}\p{N}]/u.test(word);
  return { token: isSearchWord ? token : undefined, consumed: 1 };
}

function negation(token: Token): Token {
  if (token.kind === "word") return pairToken("text", [token.word], "!=");
  return { ...token, sign: token.sign === "!=" ? "=" : "!=" };
}

/**
 * "in Spain or Portugal" is one term with two values, because no customer is in both. Two terms that were typed as `field=value`
 * stay as they are; search words are joined by "or" alone.
 */
function canJoin(before: Token | undefined, said: SpokenTerm, spoken: ReadonlySet<Token>): boolean {
  const { term, joiner, isStatus, isSpoken } = said;
  if (before === undefined) return false;
  if (before.kind === "word" || term.kind === "word") return before.kind === term.kind && joiner === "or";
  const field = fieldNamed(term.key);
  if (field === undefined || field !== fieldNamed(before.key) || !isSpoken) return false;
  if (field === "since" || term.sign === "!=") return false;
  if (before.sign === "!=") return joiner !== undefined;
  return isStatus || joiner !== undefined || spoken.has(before);
}

function joinTerms(before: Token, term: Token): Token {
  const known = valuesOf(before);
  const more = valuesOf(term).filter(({ text }) => !known.some((value) => value.text === text));
  if (before.kind === "word") return pairToken("text", [...known, ...more]);
  return { ...before, values: [...known, ...more] };
}

function valuesOf(token: Token): readonly Word[] {
  return token.kind === "pair" ? token.values : [token.word];
}
