import { fieldNamed, normalizeName } from "../customers/filter.ts";
import { formatWord, type WriteValue } from "./format-terms.ts";
import { nearestKey, parseSetting } from "./list.ts";
import { mapCorrection, mapValue, type ParseResult, parsed, parseError, quote } from "./parse-error.ts";
import type { Distance } from "./suggest.ts";
import { bareToken, type PairToken, type Token, trimEnd, unquotedWord, type Word } from "./tokenize.ts";
import { isFiller, settingNamed } from "./vocabulary.ts";

/** How a customer is named: by a row of the last list, one of its three ids, or a text that may be an id or a name. */
export type CustomerRef =
  | { readonly by: "row"; readonly row: number }
  | { readonly by: "any" | "id" | "externalId" | "orgId"; readonly value: string };

export interface CustomerArguments {
  readonly ref?: CustomerRef;
  readonly fresh: boolean;
}

/** Parses the arguments of `customer`, `history` or `follow`. A picker's choice has precedence, then a pair, then loose words. */
export function parseCustomerRef(
  command: "customer" | "history" | "follow" | "unfollow" | "subscribers",
  tokens: readonly Token[],
  distance: Distance,
): ParseResult<CustomerArguments> {
  const pairs = tokens.filter((token) => token.kind === "pair");
  const message = { command: bareToken(command), tokens };
  const fresh = parseFresh(message, pairs, distance);
  if (!fresh.ok) return fresh;
  const ref = parseRef(message, pairs, distance);
  return mapValue(ref, (value) => ({ ...(value && { ref: value }), fresh: fresh.value }));
}

interface CustomerMessage {
  readonly command: Token;
  readonly tokens: readonly Token[];
}

function parseFresh(
  { command, tokens }: CustomerMessage,
  pairs: readonly PairToken[],
  distance: Distance,
): ParseResult<boolean> {
  const pair = pairs.findLast((other) => settingOf(other) === "fresh");
  if (!pair) return parsed(false);
  const others = tokens.filter((token) => token !== pair);
  const setting = mapCorrection(parseSetting("fresh", pair, distance), (correction) => [
    command,
    ...others,
    ...correction,
  ]);
  return mapValue(setting, ({ fresh = false }) => fresh);
}

function parseRef(
  message: CustomerMessage,
  pairs: readonly PairToken[],
  distance: Distance,
): ParseResult<CustomerRef | undefined> {
  const picked = pairs.filter((pair) => settingOf(pair) === "customer").map(firstText);
  const id = picked.find((text) => text !== undefined);
  if (id !== undefined) return parsed({ by: "id", value: id });
  for (const pair of pairs) {
    const ref = parseRefPair(pair, message, distance);
    if (!ref.ok || ref.value) return ref;
  }
  const words = withoutNoiseWords(message.tokens.filter((token) => token.kind === "word"));
  return words.some((word) => word.prefix) ? severalCustomers(message) : parsed(refOfWords(words));
}

function settingOf(pair: PairToken) {
  return settingNamed(normalizeName(pair.key));
}

function firstText(pair: PairToken): string | undefined {
  return pair.values.find((word) => word.text !== "")?.text;
}

function parseRefPair(
  pair: PairToken,
  message: CustomerMessage,
  distance: Distance,
): ParseResult<CustomerRef | undefined> {
  if (settingOf(pair)) return parsed(undefined);
  const field = fieldNamed(pair.key);
  if (!field) return parseUnknownPair(pair, message, distance);
  if (field !== "externalId" && field !== "orgId") return severalCustomers(message);
  const [value, ...others] = pair.values.filter((word) => word.text !== "");
  if (!value) return parsed(undefined);
  if (others.length > 0 || value.prefix || pair.sign === "!=") return severalCustomers(message);
  // People call each of the ids "the id", and so does the bot's own card.
  return parsed({ by: normalizeName(pair.key) === "id" ? "any" : field, value: value.text });
}

/** An id may hold a sign (`acme:42`), so a key that is no field, and not nearly one, is part of an id. */
function parseUnknownPair(
  pair: PairToken,
  { command, tokens }: CustomerMessage,
  distance: Distance,
): ParseResult<CustomerRef> {
  const near = nearestKey(pair.key, distance);
  if (near === undefined) return parsed({ by: "any", value: trimEnd(pair.raw, " ,;") });
  return parseError(
    `There is no field ${quote(pair.key)}.`,
    "A customer is found by its number in the list, or by externalId, orgId or id.",
    [command, ...tokens.map((token) => (token === pair ? { ...pair, key: near } : token))],
  );
}

function severalCustomers({ tokens }: CustomerMessage): ParseResult<never> {
  return parseError(
    "That describes several customers, not one.",
    "List them, and open one by its number; or name one by externalId, orgId or id.",
    [bareToken("customers"), ...tokens],
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

export function formatRef(ref: CustomerRef, write: WriteValue): string {
  if (ref.by === "row") return String(ref.row);
  if (ref.by === "any")
    return isReadOtherwise(ref.value) ? write(ref.value, { bare: false }) : formatWord(ref.value, write);
  return `${ref.by === "id" ? "customer" : ref.by}=${write(ref.value, { bare: true })}`;
}

/** Without quotes, a short number is a row, and an address one of its people. */
function isReadOtherwise(value: string): boolean {
  return /^\d{1,5}$/.test(value) || value.includes("@");
}
