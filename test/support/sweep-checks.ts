import type { Churn } from "./churn.ts";
import type { DatabaseRows } from "./database-rows.ts";

/** One process from its start to its end: when it was started, when it was told to end, and when it had. */
export interface ProcessLifetime {
  readonly bornAt: number;
  readonly killedAt: number;
  readonly deadAt: number;
  readonly output: string;
}

type SweepRow = DatabaseRows["sweeps"][number];

/** Sweeps that are marked complete although they cannot have seen the end, or everybody on the way. */
export function falselyCompleteSweeps(
  { sweeps }: DatabaseRows,
  {
    arrivalsAndDepartures,
    lives,
    atFirst,
  }: Pick<Churn, "arrivalsAndDepartures"> & { lives: readonly ProcessLifetime[]; atFirst: number },
): readonly unknown[] {
  return sweeps.flatMap((sweep) => {
    const { state, startedAt, endedAt, customers, calls } = sweep;
    if (state === "suspect") return [{ what: "was suspect", sweep }];
    if (state !== "complete" || endedAt === null) return [];
    const { least, most } = countDuring({ startedAt, endedAt }, arrivalsAndDepartures, atFirst);
    return [
      ...(customers < least || customers > most ? [{ what: `not ${least} to ${most}`, sweep }] : []),
      ...(calls < Math.ceil(customers / 100) ? [{ what: "too few calls", sweep }] : []),
      ...(hasCorrectResumedFlag(sweep, endedAt, lives) ? [] : [{ what: "resumed or not?", sweep }]),
    ];
  });
}

/**
 * How many customers a walk may meet between two moments. Whoever goes takes a row away before the pages that are to come, and
 * so, at worst, one other customer out of sight; whoever comes stands at the end.
 */
function countDuring(
  { startedAt, endedAt }: { readonly startedAt: number; readonly endedAt: number },
  comings: Churn["arrivalsAndDepartures"],
  atFirst: number,
) {
  const before = comings.filter(({ to }) => to <= startedAt).reduce((sum, { delta }) => sum + delta, atFirst);
  const during = comings.filter(({ from, to }) => to > startedAt && from <= endedAt);
  const came = during.filter(({ delta }) => delta === 1).length;
  return { least: before - (during.length - came), most: before + came };
}

/** It says that it was resumed when a kill fell into it, and only then. */
function hasCorrectResumedFlag(
  { startedAt, resumed }: SweepRow,
  endedAt: number,
  lives: readonly ProcessLifetime[],
): boolean {
  const certainly = lives.some(({ killedAt, deadAt }) => startedAt < killedAt && deadAt < endedAt);
  const perhaps = lives.some(({ killedAt, deadAt }) => startedAt <= deadAt && killedAt <= endedAt);
  return resumed === 1 ? perhaps : !certainly;
}

/** How many of these lives ended in the middle of a sweep, which another one went on with. */
export function killedDuringSweep({ sweeps }: DatabaseRows, lives: readonly ProcessLifetime[]): number {
  return lives.filter(({ killedAt, deadAt }) =>
    sweeps.some(({ startedAt, endedAt }) => startedAt < killedAt && deadAt < (endedAt ?? 0)),
  ).length;
}
