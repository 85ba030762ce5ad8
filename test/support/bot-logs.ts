/** What processes of the bot say of themselves in their logs. */

/** Sweeps that two processes made at once. */
export function overlappingSweeps(outputs: readonly string[]): readonly unknown[] {
  const walks = outputs.flatMap((output, process) => crawlsIn(output).map((walk) => ({ ...walk, process })));
  const sorted = walks.sort((a, b) => a.startedAt - b.startedAt);
  return sorted.flatMap((walk, index) => {
    const next = sorted[index + 1];
    return next !== undefined && next.startedAt < walk.endedAt ? [{ walk, next }] : [];
  });
}

interface Crawl {
  readonly event: string;
  readonly startedAt: number;
  readonly endedAt: number;
  /** How many transitions it wrote. */
  readonly changed: number;
  readonly resumed: boolean;
}

/** The sweeps and quick polls that a process says it has made. */
export function crawlsIn(output: string): readonly Crawl[] {
  return linesIn(output)
    .filter(({ event }) => /^(?:sweep|quick_poll)\.(?:complete|suspect|failed)$/.test(String(event)))
    .map(({ event, time, ms, changed, resumed }) => {
      const endedAt = Date.parse(String(time));
      const [startedAt, isResumed] = [endedAt - Number(ms), resumed === true];
      return { event: String(event), startedAt, endedAt, changed: Number(changed), resumed: isResumed };
    });
}

/** A sweep that saw the world from its first page to its last. */
export const isWholeSweep = ({ event, resumed }: Crawl): boolean => event === "sweep.complete" && !resumed;

/** What a process that has started calls itself where it holds something. */
export function holderIn(output: string): string | undefined {
  const started = linesIn(output).find(({ event }) => event === "app.started");
  return started && String(started.holder);
}

function linesIn(output: string): readonly Readonly<Record<string, unknown>>[] {
  const whole = output.split("\n").filter((line) => line.startsWith("{") && line.endsWith("}"));
  return whole.map((line) => JSON.parse(line));
}
