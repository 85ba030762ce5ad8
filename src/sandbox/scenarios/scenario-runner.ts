import type { Time } from "../../domain/ports/runtime.ts";

/** What is still to come of stories that take their time. */
export interface ScenarioRunner {
  /**
   * Takes a step of a story once the world's clock shows this time, unless the sandbox is closed or all stories are stopped
   * before. Steps are taken in the order of their times, however late it is.
   */
  schedule(story: string, time: number, step: () => void): void;
  /** The stories that are under way. */
  running(): readonly string[];
  stop(): void;
}

/** Steps at even distances after a beginning. */
export interface StepSchedule {
  readonly startedAt: number;
  readonly everyMs: number;
  readonly count: number;
}

/** Takes turn 1, 2 and so on of a story, each ordered when the one before it has been taken. */
export function runRepeatedly(
  { steps, story }: { readonly steps: ScenarioRunner; readonly story: string },
  { startedAt, everyMs, count }: StepSchedule,
  take: (turn: number) => void,
): void {
  const order = (turn: number): void => {
    if (turn > count) return;
    steps.schedule(story, startedAt + turn * everyMs, () => {
      take(turn);
      order(turn + 1);
    });
  };
  order(1);
}

interface ScenarioRunnerDeps extends Time {
  /** Called after every step, and when all are stopped. */
  readonly onChange: () => void;
}

interface ScheduledStep {
  readonly scenario: string;
  readonly time: number;
  readonly step: () => void;
}

export function createScenarioRunner({ clock, sleep, onChange }: ScenarioRunnerDeps): ScenarioRunner {
  /** By time; what was ordered earlier comes first. */
  let waiting: readonly ScheduledStep[] = [];
  let nap = new AbortController();

  function takeDue(): void {
    for (let [next] = waiting; next !== undefined && next.time <= clock(); [next] = waiting) {
      waiting = waiting.slice(1);
      next.step();
      onChange();
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
    schedule(scenario, time, step) {
      const after = waiting.findIndex((other) => other.time > time);
      waiting = waiting.toSpliced(after === -1 ? waiting.length : after, 0, { scenario, time, step });
      wait();
    },
    running: () => [...new Set(waiting.map(({ scenario }) => scenario))],
    stop() {
      waiting = [];
      nap.abort();
      onChange();
    },
  };
}
