/** Sweeps and quick polls of two processes that overlap in time; those of one process may. @param outputs what each process printed */
export function overlappingSweeps(outputs: readonly string[]): readonly unknown[] {
  const crawls = outputs.flatMap((output, process) => crawlsIn(output).map((crawl) => ({ ...crawl, process })));
  return crawls.flatMap((crawl) => {
    const overlaps = (other: typeof crawl) => other.startedAt < crawl.endedAt && crawl.startedAt <= other.startedAt;
    const others = crawls.filter((other) => other.process !== crawl.process && overlaps(other));
    return others.map((other) => ({ crawl, other }));
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

/** The sweeps and quick polls in the log of a process. */
export function crawlsIn(output: string): readonly Crawl[] {
  return linesIn(output)
    .filter(({ event }) => /^(?:sweep|quick_poll)\.(?:complete|suspect|failed)$/.test(String(event)))
    .map(({ event, time, ms, changed, resumed }) => {
      const endedAt = Date.parse(String(time));
      const [startedAt, isResumed] = [endedAt - Number(ms), resumed === true];
      return { event: String(event), startedAt, endedAt, changed: Number(changed), resumed: isResumed };
    });
}

/** A sweep that read every page. */
export const isWholeSweep = ({ event, resumed }: Crawl): boolean => event === "sweep.complete" && !resumed;

/** The name under which a started process holds its leases. */
export function holderIn(output: string): string | undefined {
  const started = linesIn(output).find(({ event }) => event === "app.started");
  return started && String(started.holder);
}

function linesIn(output: string): readonly Readonly<Record<string, unknown>>[] {
  const lines = output.split("\n").filter((line) => line.startsWith("{") && line.endsWith("}"));
  return lines.map((line) => JSON.parse(line));
}
