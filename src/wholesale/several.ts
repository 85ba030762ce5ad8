import type { ListQuery } from "../domain/customers/list-query.ts";
import type { Log } from "../domain/ports/messaging.ts";
import { Failure } from "../errors.ts";
import type { ListRows, ReadListRows } from "./stretch.ts";

export interface MultiStatusDeps {
  /** Asks for all statuses in one call, and returns the rows unchecked. */
  readonly inOneCall: ReadListRows;
  /** Asks for each status by itself. */
  readonly perStatus: ReadListRows;
  readonly log: Log;
}

/** Failures that say nothing about how several statuses are to be written. */
const UNRELATED = ["wholesale.unauthorized", "wholesale.forbidden", "wholesale.busy"];

/**
 * Answers questions with several statuses. How the API wants them is not documented, so a repeated key is tried once,
 * with the first such question, and used from then on only if the rows that came back prove that it works.
 */
export function createMultiStatus({ inOneCall, perStatus, log }: MultiStatusDeps): ReadListRows {
  /** Whether it works; undefined (in it) when the trial came to nothing and is open again. */
  let verdict: Promise<boolean | undefined> | undefined;

  const begin = async (query: ListQuery): Promise<ListRows> => {
    const trial = tryInOneCall(inOneCall, query);
    verdict = trial.then(
      (stretch) => stretch !== undefined,
      () => {
        verdict = undefined;
        return undefined;
      },
    );
    const stretch = await trial;
    log.info("wholesale.multi_status", { together: stretch !== undefined });
    return stretch ?? perStatus(query);
  };

  const read: ReadListRows = async (query) => {
    if (verdict === undefined) return begin(query);
    const works = await verdict;
    if (works === undefined) return read(query);
    if (!works) return perStatus(query);
    const stretch = await inOneCall(query);
    if (countUnrequested(stretch, query) === 0) return stretch;
    log.warn("wholesale.filter_ignored", { filter: ["statuses"], dropped: countUnrequested(stretch, query) });
    verdict = Promise.resolve(false);
    return perStatus(query);
  };
  return read;
}

/**
 * The answer, if it proves itself: rows of two of the asked statuses at least and of no other, and not just the rows that come
 * when nothing is filtered at all.
 */
async function tryInOneCall(together: ReadListRows, query: ListQuery): Promise<ListRows | undefined> {
  try {
    const stretch = await together(query);
    const seen = new Set(stretch.customers.map(({ status }) => status));
    if (seen.size < 2 || countUnrequested(stretch, query) > 0) return undefined;
    return hasSameRows(stretch, await together({ ...query, statuses: [] })) ? undefined : stretch;
  } catch (error) {
    const refused =
      error instanceof Failure && error.code.startsWith("wholesale.") && !UNRELATED.includes(error.code);
    if (refused) return undefined;
    throw error;
  }
}

function hasSameRows(one: ListRows, other: ListRows): boolean {
  const ids = ({ customers }: ListRows) => customers.map(({ id }) => id).join("\n");
  return ids(one) === ids(other);
}

function countUnrequested(stretch: ListRows, query: ListQuery): number {
  return stretch.customers.filter(({ status }) => !query.statuses.includes(status)).length;
}
