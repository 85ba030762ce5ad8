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

/** So many customers that a list leaves out make it suspect, if few others were removed (ALERTS 6). */
const SUSPECT_LIMIT = 3;

/** Sweeps that are marked complete although they cannot have read every customer, or suspect although they can. */
export function wronglyJudgedSweeps(
  { sweeps }: DatabaseRows,
  {
    arrivalsAndDepartures,
    processes,
    initialCount,
  }: Pick<Churn, "arrivalsAndDepartures"> & { processes: readonly ProcessLifetime[]; initialCount: number },
): readonly unknown[] {
  return sweeps.flatMap((sweep) => {
    const { state, startedAt, endedAt } = sweep;
    if (endedAt === null || (state !== "complete" && state !== "suspect")) return [];
    const counts = countDuring({ startedAt, endedAt }, arrivalsAndDepartures, initialCount);
    if (state === "suspect") return counts.removed < SUSPECT_LIMIT ? [{ what: "was suspect", sweep }] : [];
    return [
      ...incompleteness(sweep, counts),
      ...(hasCorrectResumedFlag(sweep, endedAt, processes) ? [] : [{ what: "resumed or not?", sweep }]),
    ];
  });
}

function incompleteness(
  sweep: SweepRow,
  { least, most }: Pick<ReturnType<typeof countDuring>, "least" | "most">,
): readonly unknown[] {
  const { customers, calls } = sweep;
  return [
    ...(customers < least || customers > most ? [{ what: `not ${least} to ${most}`, sweep }] : []),
    ...(calls < Math.ceil(customers / 100) ? [{ what: "too few calls", sweep }] : []),
  ];
}

/**
 * How many customers a crawl may read between two moments, and how many are removed meanwhile. A customer that is removed moves the later rows up, so that at worst
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
  const removed = during.length - added;
  return { least: before - removed, most: before + added, removed };
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
