import { setTimeout as sleep } from "node:timers/promises";
import { sorted } from "./quantile.ts";

const PAUSE_MS = 20;

/** Asks the bot's server whether it lives, again and again: it answers when its event loop comes round to it. */
export function startProbe(port: number) {
  const times: number[] = [];
  let stopped = false;
  const over = (async () => {
    while (!stopped) {
      const asked = performance.now();
      // Without keeping the connection: whoever is held up for long closes it in the end.
      const headers = { connection: "close" };
      await (await fetch(`http://127.0.0.1:${port}/healthz`, { headers })).arrayBuffer();
      times.push(performance.now() - asked);
      await sleep(PAUSE_MS);
    }
  })();
  return {
    /** @returns how long each answer took, in milliseconds, in order of length */
    async stop(): Promise<readonly number[]> {
      stopped = true;
      await over;
      return sorted(times);
    },
  };
}
