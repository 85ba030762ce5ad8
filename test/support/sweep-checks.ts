import type { Churn } from "./churn.ts";
import type { DatabaseRows } from "./database-rows.ts";

/** When a process was spawned, when it got the signal to end, and when it had ended. */
export interface ProcessLifetime {
  readonly spawnedAt: number;
  readonly killedAt: number;
  readonly exitedAt: number;
  readonly output: string;
}

type SweepRow = DatabaseRows["sweeps"][number];

/** Sweeps that are marked complete although they cannot have read every customer. */
export function falselyCompleteSweeps(
  { sweeps }: DatabaseRows,
  {
    arrivalsAndDepartures,
    processes,
    initialCount,
  }: Pick<Churn, "arrivalsAndDepartures"> & { processes: readonly ProcessLifetime[]; initialCount: number },
): readonly unknown[] {
  return sweeps.flatMap((sweep) => {
    const { state, startedAt, endedAt, customers, calls } = sweep;
    if (state === "suspect") return [{ what: "was suspect", sweep }];
    if (state !== "complete" || endedAt === null) return [];
    const { least, most } = countDuring({ startedAt, endedAt }, arrivalsAndDepartures, initialCount);
    return [
      ...(customers < least || customers > most ? [{ what: `not ${least} to ${most}`, sweep }] : []),
      ...(calls < Math.ceil(customers / 100) ? [{ what: "too few calls", sweep }] : []),
      ...(hasCorrectResumedFlag(sweep, endedAt, processes) ? [] : [{ what: "resumed or not?", sweep }]),
    ];
  });
}

/**
 * How many customers a crawl may read between two moments. A customer that is removed moves the later rows up, so that at worst
 * one other customer is skipped; a new customer is the last row.
 */
function countDuring(
  { startedAt, endedAt }: { readonly startedAt: number; readonly endedAt: number },
  moves: Churn["arrivalsAndDepartures"],
  initialCount: number,
) {
  const before = moves.filter(({ to }) => to <= startedAt).reduce((sum, { delta }) => sum + delta, initialCount);
  const during = moves.filter(({ from, to }) => to > startedAt && from <= endedAt);
  const added = during.filter(({ delta }) => delta === 1).length;
  return { least: before - (during.length - added), most: before + added };
}

/** A sweep is marked as resumed if and only if a kill fell into it. */
function hasCorrectResumedFlag(
  { startedAt, resumed }: SweepRow,
  endedAt: number,
  processes: readonly ProcessLifetime[],
): boolean {
  const isCertain = processes.some(({ killedAt, exitedAt }) => startedAt < killedAt && exitedAt < endedAt);
  const isPossible = processes.some(({ killedAt, exitedAt }) => startedAt <= exitedAt && killedAt <= endedAt);
  return resumed === 1 ? isPossible : !isCertain;
}

/** How many of these processes were killed during a sweep, which a later one resumed. */
export function killedDuringSweep({ sweeps }: DatabaseRows, processes: readonly ProcessLifetime[]): number {
  return processes.filter(({ killedAt, exitedAt }) =>
    sweeps.some(({ startedAt, endedAt }) => startedAt < killedAt && exitedAt < (endedAt ?? 0)),
  ).length;
}
