import { fieldNamed, normalizeName } from "../customers/filter.ts";
import type { Command, CustomerCommand, CustomerRef } from "./command.ts";
import { keywordOf, skipFillers } from "./command-words.ts";
import { statusesNamed } from "./field-values.ts";
import { nearestKey, parseList, parseSetting } from "./list.ts";
import { type ParseResult, parsed, parseError, quote, unknownCommand } from "./parse-error.ts";
import { type Distance, nearest } from "./suggest.ts";
import { bareWord, type PairToken, type Token, trimEnd, unquotedWord, type Word, wordToken } from "./tokenize.ts";
import { isFiller, isNegation, settingNamed } from "./vocabulary.ts";

type CustomerKeyword = "customer" | "history" | "follow";

/** What follows `customer`, `history` or `follow`: which one. The picker's choice stands before anything that came with it, a pair before loose words. */
export function parseCustomer(
  tokens: readonly Token[],
  distance: Distance,
  head: CustomerKeyword = "customer",
): ParseResult<CustomerCommand> {
  const reading = parseRef(tokens, distance);
  if (reading.ok) return reading;
  const { problem, hint, correction } = reading.error;
  return parseError(
    problem,
    hint,
    correction[0] === CUSTOMER ? [wordToken(bareWord(head)), ...correction.slice(1)] : correction,
  );
}

/** What is asked of one customer, pointed at just as for `customer`. */
export function parseWithCustomer(
  head: "history" | "follow",
  tokens: readonly Token[],
  distance: Distance,
): ParseResult<Command> {
  const reading = parseCustomer(tokens, distance, head);
  if (!reading.ok) return reading;
  const { ref } = reading.value;
  return parsed({ name: head, ...(ref && { ref }) });
}

const CUSTOMER = wordToken(bareWord("customer"));

function parseRef(tokens: readonly Token[], distance: Distance): ParseResult<CustomerCommand> {
  const pairs = tokens.filter((token) => token.kind === "pair");
  const fresh = parseFresh(tokens, pairs, distance);
  if (!fresh.ok) return fresh;
  const picked = pairs.find((pair) => settingOf(pair) === "customer" && firstText(pair) !== undefined);
  if (picked) return parsed(customer({ by: "id", value: firstText(picked) ?? "" }, fresh.value));
  for (const pair of pairs) {
    const ref = parseRefPair(pair, tokens, distance);
    if (!ref.ok) return ref;
    if (ref.value) return parsed(customer(ref.value, fresh.value));
  }
  const words = withoutNoiseWords(tokens.filter((token) => token.kind === "word"));
  if (words.some((word) => word.prefix)) return severalCustomers(tokens);
  return parsed(customer(refOfWords(words), fresh.value));
}

function customer(ref: CustomerRef | undefined, fresh: boolean): CustomerCommand {
  return { name: "customer", ...(ref && { ref }), fresh };
}

function settingOf(pair: PairToken) {
  return settingNamed(normalizeName(pair.key));
}

function firstText(pair: PairToken): string | undefined {
  return pair.values.find((word) => word.text !== "")?.text;
}

function parseFresh(tokens: readonly Token[], pairs: readonly PairToken[], distance: Distance): ParseResult<boolean> {
  const pair = pairs.findLast((other) => settingOf(other) === "fresh");
  if (!pair) return parsed(false);
  const reading = parseSetting("fresh", pair, distance);
  if (reading.ok) return parsed(reading.value.fresh ?? false);
  const { problem, hint, correction } = reading.error;
  const others = tokens.filter((token) => token !== pair);
  return parseError(problem, hint, [CUSTOMER, ...others, ...correction]);
}

function parseRefPair(
  pair: PairToken,
  tokens: readonly Token[],
  distance: Distance,
): ParseResult<CustomerRef | undefined> {
  if (settingOf(pair)) return parsed(undefined);
  const field = fieldNamed(pair.key);
  if (!field) return parseUnknownPair(pair, tokens, distance);
  if (field !== "externalId" && field !== "orgId") return severalCustomers(tokens);
  const [value, ...others] = pair.values.filter((word) => word.text !== "");
  if (!value) return parsed(undefined);
  if (others.length > 0 || value.prefix || pair.sign === "!=") return severalCustomers(tokens);
  // People call any of them "the id", as the bot's own card does.
  return parsed({ by: normalizeName(pair.key) === "id" ? "any" : field, value: value.text });
}

/** An id may hold a sign (`acme:42`), so what is no field, nor like one, is an id. */
function parseUnknownPair(pair: PairToken, tokens: readonly Token[], distance: Distance): ParseResult<CustomerRef> {
  const near = nearestKey(pair.key, distance);
  if (near === undefined) return parsed({ by: "any", value: trimEnd(pair.raw, " ,;") });
  const instead = tokens.map((token) => (token === pair ? { ...pair, key: near } : token));
  return parseError(
    `There is no field ${quote(pair.key)}.`,
    "A customer is found by its number in the list, or by externalId, orgId or id.",
    [CUSTOMER, ...instead],
  );
}

function severalCustomers(tokens: readonly Token[]): ParseResult<never> {
  return parseError(
    "That describes several customers, not one.",
    "List them, and open one by its number; or name one by externalId, orgId or id.",
    [wordToken(bareWord("customers")), ...tokens],
  );
}

const NOUNS: ReadonlySet<string> = new Set(["customer", "client", "details", "detail"]);
const LABELS: ReadonlySet<string> = new Set(["row", "no", "nr", "line", "id", "externalid", "orgid"]);

/** "the customer Bank of America please" is `Bank of America`. */
function withoutNoiseWords(tokens: readonly Token[]): readonly Word[] {
  const isNoise = (token: Token | undefined) => {
    const word = unquotedWord(token);
    return word !== undefined && (isFiller(word) || NOUNS.has(word) || !/[\p{L}\p{N}]/u.test(word));
  };
  const first = tokens.findIndex((token) => !isNoise(token));
  const last = tokens.findLastIndex((token) => !isNoise(token));
  const left = first < 0 ? [] : tokens.slice(first, last + 1);
  const isLabelled = LABELS.has(unquotedWord(left[0]) ?? "") && left.length > 1;
  return (isLabelled ? left.slice(1) : left).flatMap((token) => (token.kind === "word" ? [token.word] : []));
}

const ROW = /^#?([1-9]\d{0,4})\.?$/;

function refOfWords(words: readonly Word[]): CustomerRef | undefined {
  const value = words
    .map((word) => word.text)
    .filter((text) => text !== "")
    .join(" ");
  if (value === "") return undefined;
  const row = words.length === 1 && !words[0]?.quoted ? ROW.exec(value)?.[1] : undefined;
  return row === undefined ? { by: "any", value } : { by: "row", row: Number(row) };
}

/** "show me all failing ones" is a list, `show 5` and `show acme` are one customer. */
export function parseShow(rest: readonly Token[], distance: Distance): ParseResult<Command> {
  const next = rest[skipFillers(rest, 0)];
  const heads = rest.map((token) => keywordOf(unquotedWord(token) ?? ""));
  if (heads.includes("customers") || heads.includes("errors")) return parseList("customers", rest, distance);
  if (next?.kind === "pair" && !isRefKey(next.key)) return parseList("customers", rest, distance);
  const word = unquotedWord(next);
  if (word === undefined) return parseCustomer(rest, distance);
  if (isNegation(word) || statusesNamed(word)) return parseList("customers", rest, distance);
  const near = nearest(word, ["customers", "errors", "problems"], distance);
  if (near === undefined) return parseCustomer(rest, distance);
  return unknownCommand(word, near, rest.slice(skipFillers(rest, 0) + 1));
}

function isRefKey(key: string): boolean {
  const field = fieldNamed(key);
  return field === "externalId" || field === "orgId" || settingNamed(normalizeName(key)) !== undefined;
}
