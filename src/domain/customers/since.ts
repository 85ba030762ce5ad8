const SECOND = 1_000;
const DAY = 86_400 * SECOND;

const UNITS = [
  { letter: "w", names: /^w(?:ee)?ks?$/, ms: 7 * DAY },
  { letter: "d", names: /^days?$/, ms: DAY },
  { letter: "h", names: /^h(?:ou)?rs?$/, ms: 3_600 * SECOND },
  { letter: "m", names: /^min(?:ute)?s?$/, ms: 60 * SECOND },
  { letter: "s", names: /^sec(?:ond)?s?$/, ms: SECOND },
] as const;

/** In whole days, as the time zone of the sender is unknown. */
const WORDS: ReadonlyMap<string, number> = new Map([
  ...["today", "night", "morning", "afternoon", "evening", "shift"].map((word) => [word, DAY] as const),
  ["yesterday", 2 * DAY],
  ["month", 30 * DAY],
]);

/** The longest span, milliseconds: history is kept for 400 days. */
export const MAX_SINCE = 400 * DAY;

export const DEFAULT_SINCE = DAY;

/**
 * Reads a span such as `30s`, `15m`, `2h`, `3d` or `1w`, also in words (`2 hours`, `today`), as milliseconds. Undefined when
 * it is no span, is 0, or is longer than history is kept.
 */
export function parseSince(text: string): number | undefined {
  const word = text.trim().toLowerCase();
  const [, digits, name = ""] = /^(?:(\d{1,9}) ?)?([a-z]+)$/.exec(word) ?? [];
  const unit = UNITS.find(({ letter, names }) => names.test(name) || (letter === name && digits !== undefined));
  const span = WORDS.get(word) ?? Number(digits ?? 1) * (unit?.ms ?? 0);
  return span > 0 && span <= MAX_SINCE ? span : undefined;
}

/** The shortest text that `parseSince` reads as the same span: `2h`, not `120m`. */
export function formatSince(span: number): string {
  const seconds = Math.max(SECOND, Math.round(span / SECOND) * SECOND);
  const unit = UNITS.find(({ ms }) => seconds % ms === 0) ?? UNITS[4];
  return `${seconds / unit.ms}${unit.letter}`;
}

/** The time of a span before `now`, or of an ISO date or time (UTC without a zone), epoch milliseconds. */
export function sinceTime(text: string, now: number): number | undefined {
  const span = parseSince(text);
  if (span !== undefined) return now - span;
  const at = Date.parse(isoOf(text.toUpperCase()));
  return Number.isNaN(at) ? undefined : at;
}

/** The canonical spelling of a value of `since=` in a filter; undefined when it is no time. */
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
