import type { Time } from "../../domain/ports/runtime.ts";

/** Runs the later steps of scenarios. */
export interface ScenarioRunner {
  /**
   * Runs a step at this time of the world's clock (epoch milliseconds), unless all scenarios are stopped before. Steps run in
   * the order of their times, however late it is.
   */
  schedule(scenario: string, time: number, step: () => void): void;
  running(): readonly string[];
  stop(): void;
}

export interface StepSchedule {
  readonly startedAt: number;
  readonly everyMs: number;
  readonly count: number;
}

/** Runs turns 1, 2, ... of a scenario; each is scheduled after the one before it. */
export function runRepeatedly(
  { runner, scenario }: { readonly runner: ScenarioRunner; readonly scenario: string },
  { startedAt, everyMs, count }: StepSchedule,
  take: (turn: number) => void,
): void {
  const order = (turn: number): void => {
    if (turn > count) return;
    runner.schedule(scenario, startedAt + turn * everyMs, () => {
      take(turn);
      order(turn + 1);
    });
  };
  order(1);
}

interface ScenarioRunnerDeps extends Time {
  /** Called after every step, and after `stop`. */
  readonly onChange: () => void;
}

interface ScheduledStep {
  readonly scenario: string;
  readonly time: number;
  readonly step: () => void;
}

export function createScenarioRunner({ clock, sleep, onChange }: ScenarioRunnerDeps): ScenarioRunner {
  /** By time; steps of the same time in the order of scheduling. */
  let queue: readonly ScheduledStep[] = [];
  let sleeping = new AbortController();

  function runDue(): void {
    for (let [next] = queue; next !== undefined && next.time <= clock(); [next] = queue) {
      queue = queue.slice(1);
      next.step();
      onChange();
    }
    wait();
  }

  function wait(): void {
    sleeping.abort();
    sleeping = new AbortController();
    const [next] = queue;
    if (next) sleep(Math.max(next.time - clock(), 0), sleeping.signal).then(runDue, () => undefined);
  }

  return {
    schedule(scenario, time, step) {
      const after = queue.findIndex((other) => other.time > time);
      queue = queue.toSpliced(after === -1 ? queue.length : after, 0, { scenario, time, step });
      wait();
    },
    running: () => [...new Set(queue.map(({ scenario }) => scenario))],
    stop() {
      queue = [];
      sleeping.abort();
      onChange();
    },
  };
}
