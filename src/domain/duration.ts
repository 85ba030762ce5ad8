const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Parses `30s`, `5m`, `1.5h`, `2d` or `200ms` into milliseconds; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  const [, count, unit] = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)$/.exec(text.trim().toLowerCase()) ?? [];
  const size = unit === undefined ? undefined : UNITS[unit];
  return size === undefined ? undefined : Math.round(Number(count) * size);
}
