import { fieldNamed } from "../customers/filter.ts";
import { isKnownPhrase, STATUS_WORDS, statusesNamed } from "./field-values.ts";
import { type Distance, nearest } from "./suggest.ts";
import { bareWord, type PairToken, pairToken, type Token, unquotedWord } from "./tokenize.ts";
import { impliedKey, isFiller, isNegation, isNumeric, LIST_WORDS } from "./vocabulary.ts";

/**
 * Plain language as terms: "that are not failing in Berlin" becomes `status!=error` and the search word `Berlin`.
 * Fillers and the word "customers" are left out; quoted words and pairs stay. With `ofErrors`, as for alerts, words for
 * errors are left out as well.
 */
export function naturalLanguageTerms(tokens: readonly Token[], distance: Distance, ofErrors = false): readonly Token[] {
  const terms: Token[] = [];
  let negated = false;
  for (let at = 0; at < tokens.length; ) {
    const { token, consumed, kind } = matchTerm(tokens, at, distance);
    at += consumed;
    negated ||= kind === "not";
    if (!token || (ofErrors && !negated && kind && isErrorTerm(token))) continue;
    const term = negated ? negation(token) : token;
    negated = false;
    const joined = kind && anyOf(terms.at(-1), term);
    if (joined) terms.pop();
    terms.push(joined ?? term);
  }
  return terms;
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
}

function matchTerm(tokens: readonly Token[], at: number, distance: Distance): TermMatch {
  const token = tokens[at];
  if (token?.kind === "pair") return withRestOfPhrase(token, tokens, at);
  const word = unquotedWord(token);
  if (word === undefined) return { token, consumed: 1 };
  return (
    matchStatus(tokens, at) ??
    matchImpliedField(word, tokens, at) ??
    matchMistypedStatus(word, unquotedWord(tokens[at - 1]), distance) ??
    matchPlainWord(word, token)
  );
}

/** `package=common area`, without quotes. */
function withRestOfPhrase(pair: PairToken, tokens: readonly Token[], at: number): TermMatch {
  const last = pair.values.at(-1);
  const field = fieldNamed(pair.key);
  if (!field || !last || last.quoted || last.prefix) return { token: pair, consumed: 1 };
  for (const more of [2, 1]) {
    const words = [last.text.toLowerCase(), ...plainWords(tokens, at + 1, more)];
    if (words.length !== more + 1 || !isKnownPhrase(field, words)) continue;
    const values = [...pair.values.slice(0, -1), bareWord(words.join(" "))];
    return { token: { ...pair, values }, consumed: more + 1 };
  }
  return { token: pair, consumed: 1 };
}

/** A status of one to three words, with "state" or "status" behind it. */
function matchStatus(tokens: readonly Token[], at: number): TermMatch | undefined {
  // "with errors" is not the status `provisioned_with_errors` here, but every customer with problems.
  if (isFiller(unquotedWord(tokens[at]) ?? "")) return undefined;
  for (const length of [3, 2, 1]) {
    const words = plainWords(tokens, at, length);
    const texts = length === 1 || isKnownPhrase("status", words) ? statusesNamed(words.join(" ")) : undefined;
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
  if (word === "status" && matchStatus(tokens, next)) return { consumed: next - at };
  const value = tokens[next];
  if (value?.kind !== "word" || isNegation(unquotedWord(value) ?? "")) return undefined;
  if (isNumeric(key) && !/^\d/.test(value.word.text)) return undefined;
  const { token, consumed } = withRestOfPhrase(pairToken(key, [value.word]), tokens, next);
  return { token, consumed: next - at + consumed };
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
