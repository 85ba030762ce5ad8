import { fieldNamed } from "../customers/filter.ts";
import { headNamed } from "./heads.ts";
import { type Distance, nearest } from "./suggest.ts";
import { bare, type PairToken, pairToken, spoken, type Token } from "./tokens.ts";
import { isPhrase, STATUS_WORDS, statusesNamed } from "./values.ts";
import { isFiller, isNegation, isNumeric, keySpoken } from "./vocabulary.ts";

/**
 * Everyday speech as terms: "that are not failing in Berlin" becomes `status!=error` and the free word `Berlin`.
 * Fillers and the word "customers" itself go; what is in quotes, and pairs, stay as they are. Where everything is `ofErrors`
 * anyway, as alerts are, saying so adds nothing.
 */
export function termsOfSpeech(
  tokens: readonly Token[],
  distance: Distance,
  ofErrors = false,
): readonly Token[] {
  const terms: Token[] = [];
  let negated = false;
  for (let at = 0; at < tokens.length; ) {
    const { token, taken, says } = readTerm(tokens, at, distance);
    at += taken;
    negated ||= says === "not";
    if (!token || (ofErrors && !negated && says && saysError(token))) continue;
    const term = negated ? negation(token) : token;
    negated = false;
    const joined = says && anyOf(terms.at(-1), term);
    if (joined) terms.pop();
    terms.push(joined ?? term);
  }
  return terms;
}

/** Whether this is a term for what is in error. */
export function saysError(token: Token): boolean {
  return token.kind === "pair" && token.values.some(({ text }) => text === "error");
}

interface ReadTerm {
  readonly token?: Token | undefined;
  /** How many tokens it was made of. */
  readonly taken: number;
  readonly says?: "not" | "status";
}

function readTerm(tokens: readonly Token[], at: number, distance: Distance): ReadTerm {
  const token = tokens[at];
  if (token?.kind === "pair") return withRestOfPhrase(token, tokens, at);
  const word = spoken(token);
  if (word === undefined) return { token, taken: 1 };
  return (
    readStatus(tokens, at) ??
    readSpokenField(word, tokens, at) ??
    readMistypedStatus(word, spoken(tokens[at - 1]), distance) ??
    readPlain(word, token)
  );
}

/** `package=common area`: people leave out the quotes. */
function withRestOfPhrase(pair: PairToken, tokens: readonly Token[], at: number): ReadTerm {
  const last = pair.values.at(-1);
  const field = fieldNamed(pair.key);
  if (!field || !last || last.quoted || last.prefix) return { token: pair, taken: 1 };
  for (const more of [2, 1]) {
    const words = [last.text.toLowerCase(), ...plainWords(tokens, at + 1, more)];
    if (words.length !== more + 1 || !isPhrase(field, words)) continue;
    const values = [...pair.values.slice(0, -1), bare(words.join(" "))];
    return { token: { ...pair, values }, taken: more + 1 };
  }
  return { token: pair, taken: 1 };
}

/** A status said in one to three words; "in error state" ends in a word that adds nothing. */
function readStatus(tokens: readonly Token[], at: number): ReadTerm | undefined {
  // "with errors" alone is looser than the status of that name: it asks for every customer with problems.
  if (isFiller(spoken(tokens[at]) ?? "")) return undefined;
  for (const length of [3, 2, 1]) {
    const words = plainWords(tokens, at, length);
    const texts = length === 1 || isPhrase("status", words) ? statusesNamed(words.join(" ")) : undefined;
    if (words.length !== length || !texts?.length) continue;
    const [after] = plainWords(tokens, at + length, 1);
    const noun = after === "status" || after === "state" || after === "statuses";
    return { token: pairToken("status", texts.map(bare)), taken: length + (noun ? 1 : 0), says: "status" };
  }
  return undefined;
}

/** `page 2`, `status is suspended`: a field that is named, then its value. A status that is known speaks for itself. */
function readSpokenField(word: string, tokens: readonly Token[], at: number): ReadTerm | undefined {
  const key = keySpoken(word);
  if (key === undefined) return undefined;
  let next = at + 1;
  while (isFiller(spoken(tokens[next]) ?? "")) next += 1;
  if (word === "status" && readStatus(tokens, next)) return { taken: next - at };
  const value = tokens[next];
  if (value?.kind !== "word" || isNegation(spoken(value) ?? "")) return undefined;
  if (isNumeric(key) && !/^\d/.test(value.word.text)) return undefined;
  const { token, taken } = withRestOfPhrase(pairToken(key, [value.word]), tokens, next);
  return { token, taken: next - at + taken };
}

/** "in eror", "are fialing": what stands where a status does, and looks like one, is not a search word. */
function readMistypedStatus(
  word: string,
  before: string | undefined,
  distance: Distance,
): ReadTerm | undefined {
  const isExpected = before !== undefined && /^(?:in|with|are|is|not|without)$/.test(before);
  if (!isExpected || isFiller(word) || nearest(word, STATUS_WORDS, distance) === undefined) return undefined;
  return { token: pairToken("status", [bare(word)]), taken: 1 };
}

function readPlain(word: string, token: Token | undefined): ReadTerm {
  if (isNegation(word)) return { taken: 1, says: "not" };
  const isNoun = headNamed(word) === "customers" || word === "customer" || word === "client";
  const isMeant = !isFiller(word) && !isNoun && /[\p{L}\p{N}]/u.test(word);
  return { token: isMeant ? token : undefined, taken: 1 };
}

/** Up to `count` unquoted words from here, as they are compared. */
function plainWords(tokens: readonly Token[], at: number, count: number): readonly string[] {
  return tokens
    .slice(at, at + count)
    .map(spoken)
    .filter((word) => word !== undefined);
}

function negation(token: Token): Token {
  if (token.kind === "word") return pairToken("text", [token.word], "!=");
  return { ...token, sign: token.sign === "!=" ? "=" : "!=" };
}

/** "in error or provisioning" is one term with two values: no customer has two statuses. */
function anyOf(before: Token | undefined, status: Token): Token | undefined {
  if (before?.kind !== "pair" || status.kind !== "pair") return undefined;
  if (fieldNamed(before.key) !== "status" || before.sign === "!=" || status.sign === "!=") return undefined;
  const known = new Set(before.values.map((value) => value.text));
  const more = status.values.filter((value) => !known.has(value.text));
  return { ...before, values: [...before.values, ...more] };
}
