import { foldCase } from "../customers/compare-text.ts";
import { CUSTOMER_STATUSES } from "../customers/customer.ts";
import { FIELD_DEFINITIONS, FILTER_FIELDS, type FilterField } from "../customers/filter-fields.ts";
import type { KnownValues } from "../customers/known-values.ts";
import { type Distance, nearest } from "./suggest.ts";
import type { Word } from "./tokenize.ts";

/** The known values of one field by name, as `normalizeValueName` spells it. */
interface ValueIndex {
  readonly api: ReadonlyMap<string, string>;
  readonly names: ReadonlyMap<string, readonly string[]>;
  /** The first words of the names, because most words begin none. */
  readonly firstWords: ReadonlySet<string>;
  readonly areNamedInQuotes: boolean;
  readonly areOthersUsual: boolean;
}

const KNOWN_VALUES: ReadonlyMap<FilterField, ValueIndex> = new Map(
  FILTER_FIELDS.flatMap((field) => {
    const { values } = FIELD_DEFINITIONS[field];
    return typeof values === "string" ? [] : [[field, indexValues(values)] as const];
  }),
);

function indexValues({ api, everyday, areNamedInQuotes = false, areOthersUsual = false }: KnownValues): ValueIndex {
  const names = new Map<string, readonly string[]>();
  for (const [name, meaning] of Object.entries(everyday)) names.set(normalizeValueName(name), [meaning].flat());
  for (const name of api) names.set(normalizeValueName(name), [name]);
  const firstWords = new Set([...names.keys()].map((name) => name.split(" ", 1)[0] ?? ""));
  const spellings = new Map(api.map((name) => [normalizeValueName(name), name]));
  return { api: spellings, names, firstWords, areNamedInQuotes, areOthersUsual };
}

function normalizeValueName(text: string): string {
  return foldCase(text).replace(/[\s_-]+/g, " ");
}

/** The status or statuses that a single everyday word stands for: `failing`, `errors`, `Provisioned`. */
export function statusesNamed(word: string): readonly string[] | undefined {
  return KNOWN_VALUES.get("status")?.names.get(normalizeValueName(word));
}

/** The words for a status that a mistyped word is compared with. */
export const STATUS_WORDS: readonly string[] = [
  "error",
  "errors",
  "failed",
  "failing",
  "broken",
  ...CUSTOMER_STATUSES.filter((status) => !status.includes("_")),
];

/** True if a name of a value of this field may begin with this word. */
export function beginsName(field: FilterField, word: string): boolean {
  const [first = ""] = normalizeValueName(word).split(" ", 1);
  return KNOWN_VALUES.get(field)?.firstWords.has(first) ?? false;
}

/** The values of a field that these plain words together name: `common area`, `provisioned with errors`. */
export function valuesNamed(field: FilterField, words: readonly string[]): readonly string[] | undefined {
  if (!words.every((word) => /^[\p{L}'.&_-]+$/u.test(word))) return undefined;
  return KNOWN_VALUES.get(field)?.names.get(normalizeValueName(words.join(" ")));
}

const NAMES = (["package", "country", "state"] as const)
  .flatMap((field) => [...(KNOWN_VALUES.get(field)?.names.keys() ?? [])])
  .map((name) => ` ${name} `)
  .join();

/** The words for a filter that a search without a match is compared with. */
export const FILTER_WORDS: readonly string[] = [
  ...STATUS_WORDS,
  ...(["status", "package", "country"] as const).flatMap((field) =>
    [...(KNOWN_VALUES.get(field)?.names.keys() ?? [])].filter((name) => name.length > 3),
  ),
];

/** True if a search word may be a part of the name of a package, a country or a state, as "united" is; two letters are so behind "in" alone. */
export function isPartOfName(word: string): boolean {
  return word.length > 2 && NAMES.includes(` ${normalizeValueName(word)} `);
}

/** True if this value keeps its meaning when it is typed without quotes. */
export function isPlainValue(field: FilterField, text: string): boolean {
  const known = KNOWN_VALUES.get(field);
  if (known === undefined || known.api.get(normalizeValueName(text)) === text) return true;
  return known.areOthersUsual && !known.names.has(normalizeValueName(text));
}

/** In quotes, only the spelling of API names, and names that need the quotes for their spaces, are replaced. */
export function quotedMeaning(field: FilterField, text: string): readonly string[] {
  const known = KNOWN_VALUES.get(field);
  if (!known || known.areOthersUsual) return [text];
  const name = normalizeValueName(text);
  const meaning = known.areNamedInQuotes || text.includes(" ") ? known.names.get(name) : undefined;
  const spelled = known.api.get(name);
  if (spelled !== undefined) return [spelled];
  return meaning ?? splitFormValue(text) ?? [text];
}

/** A form joins the chosen values by commas; no status and no package has a comma in its name. */
function splitFormValue(text: string): readonly string[] | undefined {
  return /^\w+(?:,\w+)+$/.test(text) ? text.split(",") : undefined;
}

export type Meaning =
  | { readonly kind: "values"; readonly texts: readonly string[] }
  | { readonly kind: "typo"; readonly near: string };

/** The values that a word stands for, in the API's spelling, or the known name that it is nearly. */
export function meaningOf(field: FilterField, word: Word, distance: Distance): Meaning {
  const known = KNOWN_VALUES.get(field);
  if (!known || word.exact || word.prefix) return { kind: "values", texts: [word.text] };
  if (word.quoted) return { kind: "values", texts: quotedMeaning(field, word.text) };
  const name = normalizeValueName(word.text);
  const texts = known.names.get(name);
  if (texts) return { kind: "values", texts };
  if (known.areOthersUsual) return { kind: "values", texts: [word.text] };
  const near = nearest(name, [...known.names.keys()], distance);
  if (near === undefined) return { kind: "values", texts: [word.text] };
  return { kind: "typo", near };
}
