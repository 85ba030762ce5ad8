const SECOND = 1_000;
const DAY = 86_400 * SECOND;

const UNITS = [
  { letter: "w", names: /^w(?:ee)?ks?$/, ms: 7 * DAY },
  { letter: "d", names: /^days?$/, ms: DAY },
  { letter: "h", names: /^h(?:ou)?rs?$/, ms: 3_600 * SECOND },
  { letter: "m", names: /^min(?:ute)?s?$/, ms: 60 * SECOND },
  { letter: "s", names: /^sec(?:ond)?s?$/, ms: SECOND },
] as const;

/** Days, and near enough: when somebody's midnight was is not known here. */
const WORDS: ReadonlyMap<string, number> = new Map([
  ["today", DAY],
  ["yesterday", 2 * DAY],
  ["month", 30 * DAY],
]);

/** As far back as history is kept. */
export const MAX_SINCE = 400 * DAY;

/** What `changes` looks back when nobody says. */
export const DEFAULT_SINCE = DAY;

/**
 * How long ago `since=2h` begins, in milliseconds: `30s`, `15m`, `2h`, `3d`, `1w`, also in words (`2 hours`, `today`).
 * Undefined when it is no span, is empty, or lies before all history.
 */
export function parseSince(text: string): number | undefined {
  const word = text.trim().toLowerCase();
  const [, digits, name = ""] = /^(?:(\d{1,9}) ?)?([a-z]+)$/.exec(word) ?? [];
  const unit = UNITS.find(({ letter, names }) => names.test(name) || (letter === name && digits !== undefined));
  const span = WORDS.get(word) ?? Number(digits ?? 1) * (unit?.ms ?? 0);
  return span > 0 && span <= MAX_SINCE ? span : undefined;
}

/** The shortest spelling that `readSince` takes for the same span: `2h`, not `120m`. */
export function formatSince(span: number): string {
  const seconds = Math.max(SECOND, Math.round(span / SECOND) * SECOND);
  const unit = UNITS.find(({ ms }) => seconds % ms === 0) ?? UNITS[4];
  return `${seconds / unit.ms}${unit.letter}`;
}

/** The moment that a span, or an ISO date or time, stands for, epoch milliseconds; UTC where no zone is given. */
export function sinceTime(text: string, now: number): number | undefined {
  const span = parseSince(text);
  if (span !== undefined) return now - span;
  const at = Date.parse(isoOf(text.toUpperCase()));
  return Number.isNaN(at) ? undefined : at;
}

/** The one spelling of what may stand behind `since=` in a filter; undefined when it is no moment. */
export function normalizeSince(text: string): string | undefined {
  const span = parseSince(text);
  if (span !== undefined) return formatSince(span);
  return sinceTime(text.trim(), 0) === undefined ? undefined : text.trim().toUpperCase();
}

const DATE = /^\d{4}-\d\d-\d\d$/;
const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)?$/;

function isoOf(text: string): string {
  if (DATE.test(text)) return text;
  const [, zone] = DATE_TIME.exec(text) ?? [undefined, "none"];
  if (zone === "none") return "";
  return zone === undefined ? `${text}Z` : text;
}
