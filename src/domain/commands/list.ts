import {
  FIELD_NAMES,
  FILTER_FIELDS,
  type FilterField,
  fieldNamed,
  squashed,
  type Term,
  type Value,
} from "../customers/filter.ts";
import { PAGE_SIZE } from "../customers/page.ts";
import { plainSince } from "../customers/since.ts";
import type { CustomersCommand } from "./command.ts";
import { sinceSlip } from "./over-time.ts";
import { readSetting, type Settings } from "./setting.ts";
import { meant, quote, type Reading, slipped } from "./slip.ts";
import { saysError, termsOfSpeech } from "./speech.ts";
import { type Distance, nearest } from "./suggest.ts";
import { bare, type PairToken, pairToken, type Token, wordToken } from "./tokens.ts";
import { meaningOf } from "./values.ts";
import { SETTING_NAMES, settingNamed } from "./vocabulary.ts";

/** What follows `customers` or another word that takes a filter: the filter, and how its answer is to be shown. */
export function readList(
  head: "customers" | "find" | "summary" | "export" | "watch" | "alerts" | "mute",
  tokens: readonly Token[],
  distance: Distance,
): Reading<CustomersCommand> {
  const isOfErrors = head === "watch" || head === "alerts" || head === "mute";
  const parts = termsOfSpeech(tokens, distance, isOfErrors);
  const filter: Term[] = [];
  let settings: Settings = {};
  for (const [index, token] of parts.entries()) {
    const part = readPart(token, distance);
    if (!part.ok) {
      const { problem, hint, instead } = part.slip;
      const isSpoken = isOfErrors && !tokens.includes(token);
      const better = isSpoken ? instead.filter((other) => !saysError(other)) : instead;
      return slipped(problem, hint, [wordToken(bare(head)), ...parts.toSpliced(index, 1, ...better)]);
    }
    if (part.value.term) filter.push(part.value.term);
    settings = { ...settings, ...part.value.settings };
  }
  return meant({ name: "customers", filter, page: 1, max: PAGE_SIZE.usual, fresh: false, ...settings });
}

/** For what is no list, and has no order and, but for one that is `kept`, no pages. */
export function withoutSettings(tokens: readonly Token[], kept?: "page"): readonly Token[] {
  return tokens.filter((token) => {
    const setting = token.kind === "pair" ? settingNamed(squashed(token.key)) : undefined;
    return setting === undefined || setting === kept;
  });
}

interface Part {
  readonly term?: Term;
  readonly settings?: Settings;
}

const NOTHING: Reading<Part> = meant({});

function readPart(token: Token, distance: Distance): Reading<Part> {
  if (token.kind === "word") return readTerm("text", pairToken("text", [token.word]), distance);
  const setting = settingNamed(squashed(token.key));
  const field = fieldNamed(token.key);
  if (setting === "customer") return NOTHING;
  if (!setting && !field) return unknownKey(token, distance);
  if (token.values.length === 0) return noValue(token);
  if (field) return readTerm(field, token, distance);
  if (!setting) return NOTHING;
  const reading = readSetting(setting, token, distance);
  return reading.ok ? meant({ settings: reading.value }) : reading;
}

function readTerm(field: FilterField, pair: PairToken, distance: Distance): Reading<Part> {
  const values: { text: string; prefix: boolean }[] = [];
  for (const [index, word] of pair.values.entries()) {
    // An input left blank in a form says nothing; a lone star says "anything".
    if (word.text === "") continue;
    const meaning = meaningOf(field, word, distance);
    if (meaning.kind === "typo") {
      const better = pair.values.with(index, bare(meaning.near));
      return unknownValue(field, word.text, { ...pair, values: better });
    }
    values.push(...meaning.texts.map((text) => ({ text, prefix: word.prefix })));
  }
  if (values.length === 0) return NOTHING;
  if (field === "since") return readSinceTerm(pair, values);
  return meant({ term: { field, negated: pair.sign === "!=", values } });
}

function readSinceTerm(pair: PairToken, values: readonly Value[]): Reading<Part> {
  const moments: Value[] = [];
  for (const { text, prefix } of values) {
    const plain = prefix ? undefined : plainSince(text);
    if (plain === undefined) return sinceSlip(text);
    moments.push({ text: plain, prefix: false });
  }
  return meant({ term: { field: "since", negated: pair.sign === "!=", values: moments } });
}

const FIELD_HINT = `Fields to filter by: ${FILTER_FIELDS.filter((field) => field !== "text").join(", ")}.`;

/** The name of the key that was probably meant; the canonical one, for people to learn. */
export function keyNear(key: string, distance: Distance): string | undefined {
  const near = nearest(squashed(key), [...FIELD_NAMES, ...SETTING_NAMES], distance);
  return near === undefined ? undefined : (fieldNamed(near) ?? settingNamed(near));
}

function unknownKey(pair: PairToken, distance: Distance): Reading<never> {
  const near = keyNear(pair.key, distance);
  const problem = `There is no field ${quote(pair.key)}.`;
  if (near === undefined) return slipped(problem, FIELD_HINT, pair.values.map(wordToken));
  return slipped(problem, `The nearest is ${quote(near)}. ${FIELD_HINT}`, [{ ...pair, key: near }]);
}

function noValue(pair: PairToken): Reading<never> {
  const name = quote(`${pair.key}${pair.sign}`);
  return slipped(
    `${name} has no value.`,
    "Write what it should be, for example status=error, or leave it out.",
    [],
  );
}

const KINDS: Partial<Record<FilterField, string>> = {
  status: "status",
  package: "package",
  "package.status": "package status",
};

function unknownValue(field: FilterField, text: string, better: PairToken): Reading<never> {
  return slipped(
    `${quote(text)} is not a ${KINDS[field] ?? field} that I know.`,
    `If it is right, put it in quotes: ${field}="${text}".`,
    [better],
  );
}
