import type { Churn } from "./churn.ts";
import type { Ledger } from "./ledger.ts";

/** One process from its start to its end: when it was told to end, and when it had. */
export interface Life {
  readonly killedAt: number;
  readonly deadAt: number;
  readonly output: string;
}

type Swept = Ledger["sweeps"][number];

/** Sweeps that are marked complete although they cannot have seen the end, or everybody on the way. */
export function falselyComplete(
  { sweeps }: Ledger,
  { comings, lives, atFirst }: Pick<Churn, "comings"> & { lives: readonly Life[]; atFirst: number },
): readonly unknown[] {
  return sweeps.flatMap((sweep) => {
    const { state, startedAt, endedAt, customers, calls } = sweep;
    if (state === "suspect") return [{ what: "was suspect", sweep }];
    if (state !== "complete" || endedAt === null) return [];
    const { least, most } = countDuring({ startedAt, endedAt }, comings, atFirst);
    return [
      ...(customers < least || customers > most ? [{ what: `not ${least} to ${most}`, sweep }] : []),
      ...(calls < Math.ceil(customers / 100) ? [{ what: "too few calls", sweep }] : []),
      ...(isHonest(sweep, endedAt, lives) ? [] : [{ what: "resumed or not?", sweep }]),
    ];
  });
}

/**
 * How many customers a walk may meet between two moments. Whoever goes takes a row away before the pages that are to come, and
 * so, at worst, one other customer out of sight; whoever comes stands at the end.
 */
function countDuring(
  { startedAt, endedAt }: { readonly startedAt: number; readonly endedAt: number },
  comings: Churn["comings"],
  atFirst: number,
) {
  const before = comings.filter(({ to }) => to <= startedAt).reduce((sum, { by }) => sum + by, atFirst);
  const during = comings.filter(({ from, to }) => to > startedAt && from <= endedAt);
  const came = during.filter(({ by }) => by === 1).length;
  return { least: before - (during.length - came), most: before + came };
}

/** It says that it was resumed when a kill fell into it, and only then. */
function isHonest({ startedAt, resumed }: Swept, endedAt: number, lives: readonly Life[]): boolean {
  const certainly = lives.some(({ killedAt, deadAt }) => startedAt < killedAt && deadAt < endedAt);
  const perhaps = lives.some(({ killedAt, deadAt }) => startedAt <= deadAt && killedAt <= endedAt);
  return resumed === 1 ? perhaps : !certainly;
}

/** How many of these lives ended in the middle of a sweep, which another one went on with. */
export function endedMidway({ sweeps }: Ledger, lives: readonly Life[]): number {
  return lives.filter(({ killedAt, deadAt }) =>
    sweeps.some(({ startedAt, endedAt }) => startedAt < killedAt && deadAt < (endedAt ?? 0)),
  ).length;
}
