/** What is still to come of stories that take their time. */
export interface Steps {
  /** Takes a step of a story later, unless the sandbox is closed or all stories are stopped before. */
  later(story: string, ms: number, step: () => void): void;
  /** The stories that are under way. */
  underWay(): readonly string[];
  stop(): void;
}

export function createSteps(changed: () => void): Steps {
  const waiting = new Map<NodeJS.Timeout, string>();
  return {
    later(story, ms, step) {
      const timer = setTimeout(() => {
        waiting.delete(timer);
        step();
        changed();
      }, ms);
      waiting.set(timer.unref(), story);
    },
    underWay: () => [...new Set(waiting.values())],
    stop() {
      for (const timer of waiting.keys()) clearTimeout(timer);
      waiting.clear();
      changed();
    },
  };
}
