import { Failure } from "../../src/errors.ts";
import type { History, Step } from "./history.ts";
import { play } from "./play.ts";

/** Plays a history. Returns what was wrong, as sentences; empty when nothing was. */
export async function findViolations(history: History): Promise<readonly string[]> {
  const played = await play(history);
  try {
    return bugsIn(played.logs);
  } finally {
    played.close();
  }
}

/** Errors that no rule of the bot expects: each is a bug, whatever the world did. */
function bugsIn(logs: Awaited<ReturnType<typeof play>>["logs"]): readonly string[] {
  return logs.flatMap(({ at, event, fields: { error } }) =>
    error instanceof Error && !(error instanceof Failure)
      ? [`${new Date(at).toISOString()} ${event}: ${error.stack}`]
      : [],
  );
}

/**
 * Removes steps as long as something is still wrong, first many at once, then fewer: the shorter a history, the sooner its reader
 * sees the cause.
 * @param limit of histories that are played
 */
export async function shorten(history: History, limit: number): Promise<History> {
  let shortest = history;
  let size = Math.ceil(history.steps.length / 2);
  for (let left = limit; size >= 1 && left > 0; ) {
    const shorter: History | undefined = await firstFailing(candidates(shortest, size).slice(0, left));
    left -= Math.ceil(shortest.steps.length / size);
    if (shorter === undefined) size = size === 1 ? 0 : Math.ceil(size / 2);
    else shortest = shorter;
  }
  return shortest;
}

async function firstFailing(histories: readonly History[]): Promise<History | undefined> {
  for (const history of histories) {
    const violations = await findViolations(history);
    if (violations.length > 0) return history;
  }
  return undefined;
}

/** The history without `size` of its steps, for every place where they can be taken out. */
function candidates(history: History, size: number): readonly History[] {
  const starts = Array.from({ length: Math.ceil(history.steps.length / size) }, (_, i) => i * size);
  return starts.map((start) => withSteps(history, history.steps.toSpliced(start, size)));
}

function withSteps(history: History, steps: readonly Step[]): History {
  return { ...history, steps };
}
