import { fieldNamed } from "../customers/filter.ts";
import type { FilterField } from "../customers/filter-fields.ts";
import { beginsName, STATUS_WORDS, statusesNamed, valuesNamed } from "./field-values.ts";
import { JOINED_FIELDS } from "./format-terms.ts";
import { FEW_FILLERS, skipFillers } from "./noise-words.ts";
import { isSinceWord, spokenSince } from "./spoken-since.ts";
import { type Distance, nearest } from "./suggest.ts";
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
  for (const { term, isStatus, negated } of withNegations(matchTerms(tokens, distance))) {
    if (ofErrors && isStatus && !negated && isErrorTerm(term)) continue;
    const joined = isStatus ? anyOf(terms.at(-1), term) : undefined;
    if (joined) terms.pop();
    terms.push(joined ?? term);
    if (isStatus) spoken.add(joined ?? term);
  }
  return withErrorsOfPackage(terms, spoken);
}

interface SpokenTerm {
  readonly term: Token;
  readonly isStatus: boolean;
  readonly negated: boolean;
}

/** The terms, each with the "not" in front of it. */
function withNegations(matches: readonly TermMatch[]): readonly SpokenTerm[] {
  let negated = false;
  return matches.flatMap(({ token, kind }) => {
    negated ||= kind === "not";
    if (token === undefined) return [];
    const term = { term: negated ? negation(token) : token, isStatus: kind === "status", negated };
    negated = false;
    return [term];
  });
}

/** The meanings of the tokens, one after the other. A word that may be a part of a name is one if the message has search words besides. */
function matchTerms(tokens: readonly Token[], distance: Distance): readonly TermMatch[] {
  const matches: (TermMatch & { readonly at: number })[] = [];
  for (let at = 0; at < tokens.length; ) {
    const match = matchTerm(tokens, at, distance);
    matches.push({ ...match, at });
    at += match.consumed;
  }
  const hasStatus = matches.some(({ kind }) => kind === "status");
  const isNamed = matches.some(({ token, at }) => token?.kind === "word" && !isPlace(tokens, at));
  if (!isNamed) return matches;
  return matches.flatMap(({ at, ...match }): readonly TermMatch[] => {
    if (match.mayBeName === undefined || (hasStatus && match.mayBeName === "without a status")) return [match];
    return tokens.slice(at, at + match.consumed).map((token) => matchPlainWord(unquotedWord(token) ?? "", token));
  });
}

/** "in Berlin": customers are searched for by their cities as well. */
function isPlace(tokens: readonly Token[], at: number): boolean {
  return isIn(unquotedWord(tokens[at - 1]));
}

function isIn(word: string | undefined): boolean {
  return word === "in" || word === "from" || word === "near";
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

interface TermMatch {
  readonly token?: Token | undefined;
  /** The number of tokens that it replaces. */
  readonly consumed: number;
  readonly kind?: "not" | "status";
  /** It may be a part of the name of a customer: "Air France", "Acme Calling". */
  readonly mayBeName?: "always" | "without a status";
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
    matchTime(tokens, at) ??
    matchCountry(tokens, at) ??
    matchImpliedField(word, tokens, at) ??
    matchMistypedStatus(word, unquotedWord(tokens[at - 1]), distance) ??
    matchPlainWord(word, token)
  );
}

/** "error 2560", "errors with code 2560 and 2561", "2560 errors". */
function matchCode(tokens: readonly Token[], at: number): TermMatch | undefined {
  const codes: Word[] = [];
  const word = unquotedWord(tokens[at]);
  const isLed = isErrorWord(word) || /^(?:error|fehler)codes?$/.test(word ?? "");
  let end = isLed ? skipCodeNouns(tokens, at + 1) : at;
  for (let code = codeAt(tokens, end); code !== undefined && codes.length < MOST_CODES; code = codeAt(tokens, end)) {
    codes.push(bareWord(code));
    end = skipFillers(tokens, end + 1, FEW_FILLERS);
  }
  const isFollowed = isErrorWord(unquotedWord(tokens[end]));
  if (codes.length === 0 || !(isLed || isFollowed)) return undefined;
  return { token: pairToken("code", codes), consumed: end + (isFollowed && !isLed ? 1 : 0) - at };
}

const MOST_CODES = 20;

/** "error with the code no. 2560" */
function skipCodeNouns(tokens: readonly Token[], from: number): number {
  let at = from;
  while (at - from < FEW_FILLERS && isBeforeCode(unquotedWord(tokens[at]))) at += 1;
  return at;
}

function isBeforeCode(word: string | undefined): boolean {
  return word !== undefined && (isFiller(word) || /^(?:codes?|no|nr)$/.test(word));
}

/** Shorter numbers are rather rows or pages. */
function codeAt(tokens: readonly Token[], at: number): string | undefined {
  return /^#?(\d{3,6})$/.exec(unquotedWord(tokens[at]) ?? "")?.[1];
}

function isErrorWord(word: string | undefined): boolean {
  return statusesNamed(word ?? "")?.includes("error") ?? false;
}

/** "webex calling", "the calling package". It is no name beside a word for a status or a noun. */
function matchPackage(tokens: readonly Token[], at: number): TermMatch | undefined {
  const found = matchPhrase("package", tokens, at);
  if (found === undefined) return undefined;
  const [before, after] = [
    wordBefore(tokens, at),
    unquotedWord(tokens[skipFillers(tokens, at + found.consumed, FEW_FILLERS)]),
  ];
  const isNoun = (word: string | undefined) => word !== undefined && (PACKAGE_NOUNS.has(word) || isStatusWord(word));
  return isNoun(before) || isNoun(after) || isNegation(before ?? "") ? found : { ...found, mayBeName: "always" };
}

const PACKAGE_NOUNS: ReadonlySet<string> = new Set([...LIST_WORDS, "customer", "package", "packages"]);

function isStatusWord(word: string): boolean {
  return (statusesNamed(word)?.length ?? 0) > 0;
}

function wordBefore(tokens: readonly Token[], at: number): string | undefined {
  let before = at - 1;
  while (before >= 0 && at - before <= FEW_FILLERS && isFiller(unquotedWord(tokens[before]) ?? "")) before -= 1;
  return unquotedWord(tokens[before]);
}

const LONGEST_PHRASE = 5;

/** The longest phrase that names a value of the field. */
function matchPhrase(field: FilterField, tokens: readonly Token[], at: number): TermMatch | undefined {
  if (!beginsName(field, unquotedWord(tokens[at]) ?? "")) return undefined;
  for (let length = LONGEST_PHRASE; length > 0; length -= 1) {
    const words = plainWords(tokens, at, length);
    const values = words.length === length ? valuesNamed(field, words) : undefined;
    if (values?.length) return { token: pairToken(field, values.map(bareWord)), consumed: length };
  }
  return undefined;
}

/** "in Germany", "in DE"; without "in" only a name, which may be that of a customer. */
function matchCountry(tokens: readonly Token[], at: number): TermMatch | undefined {
  // "no Brasil" is Portuguese for "in Brazil".
  const isLed = isIn(unquotedWord(tokens[at])) || unquotedWord(tokens[at]) === "no";
  const start = isLed ? skipThe(tokens, at + 1) : at;
  const found = matchPhrase("country", tokens, start);
  const [word = ""] = plainWords(tokens, start, 1);
  if (found === undefined) return undefined;
  if (isLed && !isPronoun(tokens, start)) return { ...found, consumed: start + found.consumed - at };
  return word.length > 2 && !isLed && !isFiller(word) ? { ...found, mayBeName: "always" } : undefined;
}

function skipThe(tokens: readonly Token[], at: number): number {
  return unquotedWord(tokens[at]) === "the" ? at + 1 : at;
}

/** "in my space", "in it" are no countries, but "in IT" is. */
function isPronoun(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at];
  const isCapital = token?.kind === "word" && /^[A-Z]{2}\b/.test(token.word.text);
  return !isCapital && /^(?:my|me|it|is|be|no|so|to|as|by|am|at|all)$/.test(unquotedWord(token) ?? "");
}

/** "today", "since yesterday". A day alone is no name beside a word for a status. */
function matchTime(tokens: readonly Token[], at: number): TermMatch | undefined {
  const found = spokenSince(tokens, at);
  if (found === undefined) return undefined;
  const { since, consumed, isLed } = found;
  const token = pairToken("since", [bareWord(since)]);
  return isLed ? { token, consumed } : { token, consumed, mayBeName: "without a status" };
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
  while (isFiller(unquotedWord(tokens[next]) ?? "")) next += 1;
  if (isNounBeforeStatus(key, tokens, next)) return { consumed: next - at };
  const value = tokens[next];
  if (value?.kind !== "word" || isNegation(unquotedWord(value) ?? "")) return undefined;
  if (isNumeric(key) && !/^\d/.test(value.word.text)) return undefined;
  const { token, consumed } = withRestOfPhrase(pairToken(key, [value.word]), tokens, next);
  return { token, consumed: next - at + consumed };
}

/** "status failing", "calling package errors". */
function isNounBeforeStatus(key: string, tokens: readonly Token[], next: number): boolean {
  return (key === "status" || key === "package") && matchStatus(tokens, next) !== undefined;
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

/** Up to `count` unquoted words from `at`, in lower case. */
function plainWords(tokens: readonly Token[], at: number, count: number): readonly string[] {
  return tokens
    .slice(at, at + count)
    .map(unquotedWord)
    .filter((word) => word !== undefined);
}

function negation(token: Token): Token {
  if (token.kind === "word") return pairToken("text", [token.word], "!=");
  return { ...token, sign: token.sign === "!=" ? "=" : "!=" };
}

/** "in error or provisioning" is one term with two values, because no customer has two statuses. */
function anyOf(before: Token | undefined, status: Token): Token | undefined {
  if (before?.kind !== "pair" || status.kind !== "pair") return undefined;
  if (fieldNamed(before.key) !== "status" || before.sign === "!=" || status.sign === "!=") return undefined;
  const known = new Set(before.values.map((value) => value.text));
  const more = status.values.filter((value) => !known.has(value.text));
  return { ...before, values: [...before.values, ...more] };
}
