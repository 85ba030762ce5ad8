import { fieldNamed, squashed } from "../customers/filter.ts";
import type { CustomerCommand, CustomerRef } from "./command.ts";
import { keyNear } from "./list.ts";
import { readSetting } from "./setting.ts";
import { meant, quote, type Reading, slipped } from "./slip.ts";
import type { Distance } from "./suggest.ts";
import { bare, type PairToken, spoken, type Token, type Word, wordToken } from "./tokens.ts";
import { isFiller, settingNamed } from "./vocabulary.ts";

/** What follows `customer`: which one. A pair with the picker's or an id field's name weighs more than loose words. */
export function readCustomer(tokens: readonly Token[], distance: Distance): Reading<CustomerCommand> {
  const pairs = tokens.filter((token) => token.kind === "pair");
  let ref: CustomerRef | undefined;
  let fresh = false;
  for (const pair of pairs) {
    const reading = readRefPair(pair, tokens, distance);
    if (!reading.ok) return reading;
    ref = preferred(ref, reading.value.ref);
    fresh = reading.value.fresh ?? fresh;
  }
  const words = withoutNoise(tokens.filter((token) => token.kind === "word"));
  if (!ref && words.some((word) => word.prefix)) return severalMeant(tokens);
  ref ??= refOfWords(words);
  return meant({ name: "customer", ...(ref && { ref }), fresh });
}

interface RefPart {
  readonly ref?: CustomerRef;
  readonly fresh?: boolean;
}

function readRefPair(pair: PairToken, tokens: readonly Token[], distance: Distance): Reading<RefPart> {
  const setting = settingNamed(squashed(pair.key));
  const field = fieldNamed(pair.key);
  const [value, ...others] = pair.values.filter((word) => word.text !== "");
  if (setting === "customer") return meant(value ? { ref: { by: "id", value: value.text } } : {});
  if (setting === "fresh") return readSetting("fresh", pair, distance);
  if (setting) return meant({});
  if (!field) return readUnknownPair(pair, tokens, distance);
  if (field !== "externalId" && field !== "orgId") return severalMeant(tokens);
  if (!value) return meant({});
  if (others.length > 0 || value.prefix || pair.sign === "!=") return severalMeant(tokens);
  return meant({ ref: { by: field, value: value.text } });
}

/** An id may hold a sign (`acme:42`), so what is no field, nor like one, is an id. */
function readUnknownPair(pair: PairToken, tokens: readonly Token[], distance: Distance): Reading<RefPart> {
  const near = keyNear(pair.key, distance);
  if (near === undefined) return meant({ ref: { by: "any", value: pair.source } });
  const instead = tokens.map((token) => (token === pair ? { ...pair, key: near } : token));
  return slipped(
    `There is no field ${quote(pair.key)}.`,
    "A customer is found by its number in the list, or by externalId, orgId or id.",
    [wordToken(bare("customer")), ...instead],
  );
}

function severalMeant(tokens: readonly Token[]): Reading<never> {
  return slipped(
    "That describes several customers, not one.",
    "List them, and open one by its number; or name one by externalId, orgId or id.",
    [wordToken(bare("customers")), ...tokens],
  );
}

/** The picker's choice stands before anything else that came with it. */
function preferred(before: CustomerRef | undefined, now: CustomerRef | undefined): CustomerRef | undefined {
  if (!now) return before;
  return before && now.by !== "id" ? before : now;
}

const NOUNS: ReadonlySet<string> = new Set(["customer", "client", "details", "detail"]);
const ROW_NOUNS: ReadonlySet<string> = new Set(["row", "no", "nr", "line"]);

/** "the customer Bank of America please" is `Bank of America`. */
function withoutNoise(tokens: readonly Token[]): readonly Word[] {
  const isNoise = (token: Token | undefined) => {
    const word = spoken(token);
    return word !== undefined && (isFiller(word) || NOUNS.has(word) || !/[\p{L}\p{N}]/u.test(word));
  };
  const first = tokens.findIndex((token) => !isNoise(token));
  const last = tokens.findLastIndex((token) => !isNoise(token));
  const left = first < 0 ? [] : tokens.slice(first, last + 1);
  const rowSaid = ROW_NOUNS.has(spoken(left[0]) ?? "") && left.length > 1;
  return (rowSaid ? left.slice(1) : left).flatMap((token) => (token.kind === "word" ? [token.word] : []));
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
