import { CUSTOMER_STATUSES, PACKAGE_NAMES, PROBLEM_STATUSES, UNREPORTED } from "../customers/customer.ts";
import type { FilterField } from "../customers/filter.ts";
import { type Distance, nearest } from "./suggest.ts";
import type { Word } from "./tokenize.ts";

const PACKAGE_STATUSES = ["provisioned", "provisioning", "deleting", "error", UNREPORTED];

type Names = Readonly<Record<string, string | readonly string[]>>;

/** `status=all` means the same as no term at all. */
const ANY: Names = { all: [], any: [] };

const BROKEN: Names = {
  failed: "error",
  failing: "error",
  broken: "error",
  erroring: "error",
  "in error": "error",
};

const HEALTHY: Names = { ok: "provisioned", okay: "provisioned", healthy: "provisioned" };

const EVERYDAY_STATUSES: Names = {
  ...ANY,
  ...BROKEN,
  ...HEALTHY,
  errors: PROBLEM_STATUSES,
  problems: PROBLEM_STATUSES,
  problem: PROBLEM_STATUSES,
  issues: PROBLEM_STATUSES,
  issue: PROBLEM_STATUSES,
  failures: PROBLEM_STATUSES,
  wrong: PROBLEM_STATUSES,
  "being provisioned": "provisioning",
  "being updated": "updating",
  "being deleted": "deleting",
  "with errors": "provisioned_with_errors",
  "provisioned with error": "provisioned_with_errors",
  pending: "pending_rpl_review",
  "pending review": "pending_rpl_review",
  "pending rpl": "pending_rpl_review",
};

const EVERYDAY_PACKAGES: Names = {
  ...ANY,
  "common area": "common_area_calling",
  calling: "webex_calling",
  meetings: "webex_meetings",
  meeting: "webex_meetings",
  suite: "webex_suite",
  voice: "webex_voice",
  essentials: "cx_essentials",
  "customer assist": "cx_essentials",
  "customer experience essentials": "cx_essentials",
  "calling standard": "webex_calling_standard",
  "calling plan": "cisco_calling_plan",
  "calling plans": "cisco_calling_plan",
  attendant: "attendant_console",
  "premium agent": "cx_premium_agent",
  "standard agent": "cx_standard_agent",
  "voice ports": "cx_voice_ports",
  "ai assistant": "cx_ai_assistant",
  "ai agent": "webex_ai_agent",
};

/** The values of one field by the API's names, and by the names that people use; keys are normalized. */
interface KnownValues {
  readonly api: ReadonlyMap<string, string>;
  readonly names: ReadonlyMap<string, readonly string[]>;
}

const KNOWN_VALUES: ReadonlyMap<FilterField, KnownValues> = new Map([
  ["status", knownValues(CUSTOMER_STATUSES, EVERYDAY_STATUSES)],
  ["package.status", knownValues(PACKAGE_STATUSES, { ...ANY, ...BROKEN, ...HEALTHY, errors: "error" })],
  ["package", knownValues(PACKAGE_NAMES, EVERYDAY_PACKAGES)],
]);

function knownValues(api: readonly string[], everyday: Names): KnownValues {
  const names = new Map<string, readonly string[]>();
  for (const [name, meaning] of Object.entries(everyday)) names.set(name, [meaning].flat());
  for (const name of api) names.set(normalizeValueName(name), [name]);
  return { api: new Map(api.map((name) => [normalizeValueName(name), name])), names };
}

function normalizeValueName(text: string): string {
  return text.toLowerCase().replace(/[\s_-]+/g, " ");
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

/** Whether these plain words together are one name: `common area`, `provisioned with errors`. */
export function isKnownPhrase(field: FilterField, words: readonly string[]): boolean {
  if (!words.every((word) => /^[a-z]+$/.test(word))) return false;
  return KNOWN_VALUES.get(field)?.names.has(words.join(" ")) ?? false;
}

/** Whether this value means itself when it is typed without quotes. */
export function isPlainValue(field: FilterField, text: string): boolean {
  const known = KNOWN_VALUES.get(field);
  return known === undefined || known.api.get(normalizeValueName(text)) === text;
}

/** In quotes, only the spelling of API names, and names that need the quotes for their spaces, are replaced. */
export function quotedMeaning(field: FilterField, text: string): readonly string[] {
  const known = KNOWN_VALUES.get(field);
  if (!known) return [text];
  const name = normalizeValueName(text);
  const meaning = text.includes(" ") ? known.names.get(name) : undefined;
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
  const near = nearest(name, [...known.names.keys()], distance);
  if (near === undefined) return { kind: "values", texts: [word.text] };
  return { kind: "typo", near };
}
