const UNIT_MS: Readonly<Record<string, number>> = {
  m: 60_000,
  h: 3_600_000,
  d: 24 * 3_600_000,
  w: 7 * 24 * 3_600_000,
};

const SPAN = /^(\d{1,6})([mhdw])$/;
const DATE = /^\d{4}-\d\d-\d\d$/;
const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)?$/;

/** The moment that `2h`, `30m`, `7d` or an ISO date or time stands for, epoch milliseconds; UTC where no zone is given. */
export function sinceTime(text: string, now: number): number | undefined {
  const [, count, unit = ""] = SPAN.exec(text.toLowerCase()) ?? [];
  if (count !== undefined) return now - Number(count) * (UNIT_MS[unit] ?? 0);
  const at = Date.parse(isoOf(text.toUpperCase()));
  return Number.isNaN(at) ? undefined : at;
}

function isoOf(text: string): string {
  if (DATE.test(text)) return text;
  const [, zone] = DATE_TIME.exec(text) ?? [undefined, "none"];
  if (zone === "none") return "";
  return zone === undefined ? `${text}Z` : text;
}
