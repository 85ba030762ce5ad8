import {
  FIELD_NAMES,
  FILTER_FIELDS,
  type FilterField,
  fieldNamed,
  normalizeName,
  type Term,
  type Value,
} from "../customers/filter.ts";
import { PAGE_SIZE } from "../customers/page.ts";
import { normalizeSince } from "../customers/since.ts";
import type { CustomersCommand } from "./command.ts";
import { sinceError } from "./over-time.ts";
import { parseSetting, type Settings } from "./setting.ts";
import { type ParseResult, parsed, parseError, quote } from "./slip.ts";
import { isErrorTerm, naturalLanguageTerms } from "./speech.ts";
import { type Distance, nearest } from "./suggest.ts";
import { bareWord, type PairToken, pairToken, type Token, wordToken } from "./tokens.ts";
import { meaningOf } from "./values.ts";
import { SETTING_NAMES, settingNamed } from "./vocabulary.ts";

/** What follows `customers` or another word that takes a filter: the filter, and how its answer is to be shown. */
export function parseList(
  head: "customers" | "find" | "summary" | "export" | "watch" | "alerts" | "mute",
  tokens: readonly Token[],
  distance: Distance,
): ParseResult<CustomersCommand> {
  const isOfErrors = head === "watch" || head === "alerts" || head === "mute";
  const parts = naturalLanguageTerms(tokens, distance, isOfErrors);
  const filter: Term[] = [];
  let settings: Settings = {};
  for (const [index, token] of parts.entries()) {
    const part = parsePart(token, distance);
    if (!part.ok) {
      const { problem, hint, correction } = part.error;
      const isSpoken = isOfErrors && !tokens.includes(token);
      const better = isSpoken ? correction.filter((other) => !isErrorTerm(other)) : correction;
      return parseError(problem, hint, [wordToken(bareWord(head)), ...parts.toSpliced(index, 1, ...better)]);
    }
    if (part.value.term) filter.push(part.value.term);
    settings = { ...settings, ...part.value.settings };
  }
  return parsed({ name: "customers", filter, page: 1, max: PAGE_SIZE.usual, fresh: false, ...settings });
}

/** For what is no list, and has no order and, but for one that is `kept`, no pages. */
export function withoutSettings(tokens: readonly Token[], kept?: "page"): readonly Token[] {
  return tokens.filter((token) => {
    const setting = token.kind === "pair" ? settingNamed(normalizeName(token.key)) : undefined;
    return setting === undefined || setting === kept;
  });
}

interface Part {
  readonly term?: Term;
  readonly settings?: Settings;
}

const NOTHING: ParseResult<Part> = parsed({});

function parsePart(token: Token, distance: Distance): ParseResult<Part> {
  if (token.kind === "word") return parseTerm("text", pairToken("text", [token.word]), distance);
  const setting = settingNamed(normalizeName(token.key));
  const field = fieldNamed(token.key);
  if (setting === "customer") return NOTHING;
  if (!setting && !field) return unknownKey(token, distance);
  if (token.values.length === 0) return noValue(token);
  if (field) return parseTerm(field, token, distance);
  if (!setting) return NOTHING;
  const reading = parseSetting(setting, token, distance);
  return reading.ok ? parsed({ settings: reading.value }) : reading;
}

function parseTerm(field: FilterField, pair: PairToken, distance: Distance): ParseResult<Part> {
  const values: { text: string; prefix: boolean }[] = [];
  for (const [index, word] of pair.values.entries()) {
    // An input left blank in a form says nothing; a lone star says "anything".
    if (word.text === "") continue;
    const meaning = meaningOf(field, word, distance);
    if (meaning.kind === "typo") {
      const better = pair.values.with(index, bareWord(meaning.near));
      return unknownValue(field, word.text, { ...pair, values: better });
    }
    values.push(...meaning.texts.map((text) => ({ text, prefix: word.prefix })));
  }
  if (values.length === 0) return NOTHING;
  if (field === "since") return parseSinceTerm(pair, values);
  return parsed({ term: { field, negated: pair.sign === "!=", values } });
}

function parseSinceTerm(pair: PairToken, values: readonly Value[]): ParseResult<Part> {
  const moments: Value[] = [];
  for (const { text, prefix } of values) {
    const plain = prefix ? undefined : normalizeSince(text);
    if (plain === undefined) return sinceError(text);
    moments.push({ text: plain, prefix: false });
  }
  return parsed({ term: { field: "since", negated: pair.sign === "!=", values: moments } });
}

const FIELD_HINT = `Fields to filter by: ${FILTER_FIELDS.filter((field) => field !== "text").join(", ")}.`;

/** The name of the key that was probably meant; the canonical one, for people to learn. */
export function nearestKey(key: string, distance: Distance): string | undefined {
  const near = nearest(normalizeName(key), [...FIELD_NAMES, ...SETTING_NAMES], distance);
  return near === undefined ? undefined : (fieldNamed(near) ?? settingNamed(near));
}

function unknownKey(pair: PairToken, distance: Distance): ParseResult<never> {
  const near = nearestKey(pair.key, distance);
  const problem = `There is no field ${quote(pair.key)}.`;
  if (near === undefined) return parseError(problem, FIELD_HINT, pair.values.map(wordToken));
  return parseError(problem, `The nearest is ${quote(near)}. ${FIELD_HINT}`, [{ ...pair, key: near }]);
}

function noValue(pair: PairToken): ParseResult<never> {
  const name = quote(`${pair.key}${pair.sign}`);
  return parseError(
    `${name} has no value.`,
    "Write what it should be, for example status=error, or leave it out.",
    [],
  );
}

const FIELD_LABELS: Partial<Record<FilterField, string>> = {
  status: "status",
  package: "package",
  "package.status": "package status",
};

function unknownValue(field: FilterField, text: string, better: PairToken): ParseResult<never> {
  return parseError(
    `${quote(text)} is not a ${FIELD_LABELS[field] ?? field} that I know.`,
    `If it is right, put it in quotes: ${field}="${text}".`,
    [better],
  );
}
