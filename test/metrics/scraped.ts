import { createMetrics } from "../../src/metrics/metrics.ts";

export const newMetrics = ({ ofProcess = false } = {}) => createMetrics({ version: "1.2.3", ofProcess });

/** The series of a scrape, `name{labels}`, and their values. */
export function seriesOf(scrape: string): ReadonlyMap<string, number> {
  const lines = scrape.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.split(" ").at(-1))]));
}

/** The names of all metrics, also of those without a value. */
export const namesOf = (scrape: string): readonly string[] =>
  [...scrape.matchAll(/^# TYPE (\w+) (\w+)$/gm)].flatMap(([, name = "", type]) =>
    type === "histogram" ? [name, `${name}_bucket`, `${name}_count`, `${name}_sum`] : [name],
  );

/** The values of all labels. */
export const labelsOf = (scrape: string): readonly string[] =>
  [...seriesOf(scrape).keys()].flatMap((key) =>
    [...key.matchAll(/="((?:[^"\\]|\\.)*)"/g)].map(([, value = ""]) => value),
  );
