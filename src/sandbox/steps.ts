import type { Time } from "../domain/ports.ts";

/** What is still to come of stories that take their time. */
export interface Steps {
  /**
   * Takes a step of a story once the world's clock shows this time, unless the sandbox is closed or all stories are stopped
   * before. Steps are taken in the order of their times, however late it is.
   */
  at(story: string, time: number, step: () => void): void;
  /** The stories that are under way. */
  underWay(): readonly string[];
  stop(): void;
}

/** Steps at even distances after a beginning. */
export interface Turns {
  readonly began: number;
  readonly everyMs: number;
  readonly turns: number;
}

/** Takes turn 1, 2 and so on of a story, each ordered when the one before it has been taken. */
export function takeTurns(
  { steps, story }: { readonly steps: Steps; readonly story: string },
  { began, everyMs, turns }: Turns,
  take: (turn: number) => void,
): void {
  const order = (turn: number): void => {
    if (turn > turns) return;
    steps.at(story, began + turn * everyMs, () => {
      take(turn);
      order(turn + 1);
    });
  };
  order(1);
}

interface StepsDeps extends Time {
  /** Called after every step, and when all are stopped. */
  readonly changed: () => void;
}

interface Waiting {
  readonly story: string;
  readonly time: number;
  readonly step: () => void;
}

export function createSteps({ clock, sleep, changed }: StepsDeps): Steps {
  /** By time; what was ordered earlier comes first. */
  let waiting: readonly Waiting[] = [];
  let nap = new AbortController();

  function takeDue(): void {
    for (let [next] = waiting; next !== undefined && next.time <= clock(); [next] = waiting) {
      waiting = waiting.slice(1);
      next.step();
      changed();
    }
    wait();
  }

  function wait(): void {
    nap.abort();
    nap = new AbortController();
    const [next] = waiting;
    if (next) sleep(Math.max(next.time - clock(), 0), nap.signal).then(takeDue, () => undefined);
  }

  return {
    at(story, time, step) {
      const after = waiting.findIndex((other) => other.time > time);
      waiting = waiting.toSpliced(after === -1 ? waiting.length : after, 0, { story, time, step });
      wait();
    },
    underWay: () => [...new Set(waiting.map(({ story }) => story))],
    stop() {
      waiting = [];
      nap.abort();
      changed();
    },
  };
}
