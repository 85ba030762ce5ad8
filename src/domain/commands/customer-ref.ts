import { fieldNamed, squashed } from "../customers/filter.ts";
import type { Command, CustomerCommand, CustomerRef } from "./command.ts";
import { keyNear } from "./list.ts";
import { readSetting } from "./setting.ts";
import { meant, quote, type Reading, slipped } from "./slip.ts";
import type { Distance } from "./suggest.ts";
import { bare, type PairToken, spoken, type Token, trimEnd, type Word, wordToken } from "./tokens.ts";
import { isFiller, settingNamed } from "./vocabulary.ts";

type Head = "customer" | "history" | "follow";

/** What follows `customer`, `history` or `follow`: which one. The picker's choice stands before anything that came with it, a pair before loose words. */
export function readCustomer(
  tokens: readonly Token[],
  distance: Distance,
  head: Head = "customer",
): Reading<CustomerCommand> {
  const reading = readOne(tokens, distance);
  if (reading.ok) return reading;
  const { problem, hint, instead } = reading.slip;
  return slipped(
    problem,
    hint,
    instead[0] === CUSTOMER ? [wordToken(bare(head)), ...instead.slice(1)] : instead,
  );
}

/** What is asked of one customer, pointed at just as for `customer`. */
export function readOfOne(
  head: "history" | "follow",
  tokens: readonly Token[],
  distance: Distance,
): Reading<Command> {
  const reading = readCustomer(tokens, distance, head);
  if (!reading.ok) return reading;
  const { ref } = reading.value;
  return meant({ name: head, ...(ref && { ref }) });
}

const CUSTOMER = wordToken(bare("customer"));

function readOne(tokens: readonly Token[], distance: Distance): Reading<CustomerCommand> {
  const pairs = tokens.filter((token) => token.kind === "pair");
  const fresh = readFresh(tokens, pairs, distance);
  if (!fresh.ok) return fresh;
  const picked = pairs.find((pair) => settingOf(pair) === "customer" && firstText(pair) !== undefined);
  if (picked) return meant(customer({ by: "id", value: firstText(picked) ?? "" }, fresh.value));
  for (const pair of pairs) {
    const ref = readRefPair(pair, tokens, distance);
    if (!ref.ok) return ref;
    if (ref.value) return meant(customer(ref.value, fresh.value));
  }
  const words = withoutNoise(tokens.filter((token) => token.kind === "word"));
  if (words.some((word) => word.prefix)) return severalMeant(tokens);
  return meant(customer(refOfWords(words), fresh.value));
}

function customer(ref: CustomerRef | undefined, fresh: boolean): CustomerCommand {
  return { name: "customer", ...(ref && { ref }), fresh };
}

function settingOf(pair: PairToken) {
  return settingNamed(squashed(pair.key));
}

function firstText(pair: PairToken): string | undefined {
  return pair.values.find((word) => word.text !== "")?.text;
}

function readFresh(
  tokens: readonly Token[],
  pairs: readonly PairToken[],
  distance: Distance,
): Reading<boolean> {
  const pair = pairs.findLast((other) => settingOf(other) === "fresh");
  if (!pair) return meant(false);
  const reading = readSetting("fresh", pair, distance);
  if (reading.ok) return meant(reading.value.fresh ?? false);
  const { problem, hint, instead } = reading.slip;
  const others = tokens.filter((token) => token !== pair);
  return slipped(problem, hint, [CUSTOMER, ...others, ...instead]);
}

function readRefPair(
  pair: PairToken,
  tokens: readonly Token[],
  distance: Distance,
): Reading<CustomerRef | undefined> {
  if (settingOf(pair)) return meant(undefined);
  const field = fieldNamed(pair.key);
  if (!field) return readUnknownPair(pair, tokens, distance);
  if (field !== "externalId" && field !== "orgId") return severalMeant(tokens);
  const [value, ...others] = pair.values.filter((word) => word.text !== "");
  if (!value) return meant(undefined);
  if (others.length > 0 || value.prefix || pair.sign === "!=") return severalMeant(tokens);
  // People call any of them "the id", as the bot's own card does.
  return meant({ by: squashed(pair.key) === "id" ? "any" : field, value: value.text });
}

/** An id may hold a sign (`acme:42`), so what is no field, nor like one, is an id. */
function readUnknownPair(
  pair: PairToken,
  tokens: readonly Token[],
  distance: Distance,
): Reading<CustomerRef> {
  const near = keyNear(pair.key, distance);
  if (near === undefined) return meant({ by: "any", value: trimEnd(pair.written, " ,;") });
  const instead = tokens.map((token) => (token === pair ? { ...pair, key: near } : token));
  return slipped(
    `There is no field ${quote(pair.key)}.`,
    "A customer is found by its number in the list, or by externalId, orgId or id.",
    [CUSTOMER, ...instead],
  );
}

function severalMeant(tokens: readonly Token[]): Reading<never> {
  return slipped(
    "That describes several customers, not one.",
    "List them, and open one by its number; or name one by externalId, orgId or id.",
    [wordToken(bare("customers")), ...tokens],
  );
}

const NOUNS: ReadonlySet<string> = new Set(["customer", "client", "details", "detail"]);
const LABELS: ReadonlySet<string> = new Set(["row", "no", "nr", "line", "id", "externalid", "orgid"]);

/** "the customer Bank of America please" is `Bank of America`. */
function withoutNoise(tokens: readonly Token[]): readonly Word[] {
  const isNoise = (token: Token | undefined) => {
    const word = spoken(token);
    return word !== undefined && (isFiller(word) || NOUNS.has(word) || !/[\p{L}\p{N}]/u.test(word));
  };
  const first = tokens.findIndex((token) => !isNoise(token));
  const last = tokens.findLastIndex((token) => !isNoise(token));
  const left = first < 0 ? [] : tokens.slice(first, last + 1);
  const isLabelled = LABELS.has(spoken(left[0]) ?? "") && left.length > 1;
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
