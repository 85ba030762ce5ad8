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

/** The sweeps and looks that a process says it has made. */
export function crawlsIn(
  output: string,
): readonly { event: string; startedAt: number; endedAt: number; resumed: boolean }[] {
  return linesIn(output)
    .filter(({ event }) => /^(?:sweep|look)\.(?:complete|suspect|failed)$/.test(String(event)))
    .map(({ event, time, ms, resumed }) => {
      const endedAt = Date.parse(String(time));
      return { event: String(event), startedAt: endedAt - Number(ms), endedAt, resumed: resumed === true };
    });
}

/** What a process that has started calls itself where it holds something. */
export function holderIn(output: string): string | undefined {
  const started = linesIn(output).find(({ event }) => event === "app.started");
  return started && String(started.holder);
}

function linesIn(output: string): readonly Readonly<Record<string, unknown>>[] {
  const whole = output.split("\n").filter((line) => line.startsWith("{") && line.endsWith("}"));
  return whole.map((line) => JSON.parse(line));
}
