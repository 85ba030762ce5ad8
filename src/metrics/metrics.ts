import { collectDefaultMetrics, Gauge, Registry } from "prom-client";
import type { Meter } from "../domain/ports/meter.ts";
import type { FaultLog } from "../domain/ports/runtime.ts";
import { type Api, type CallWatch, createCallWatch, createEventCount, createMeter } from "./meter.ts";
import { PREFIX } from "./prefix.ts";
import { createStoredGauges, type StoredDeps } from "./stored.ts";

/** The metrics of one process; several instances each tell their own. */
export interface Metrics {
  readonly meter: Meter;
  readonly contentType: string;
  watchCalls(api: Api, log: FaultLog): CallWatch;
  countEvents(log: FaultLog): FaultLog;
  /** From then on `render` also reads the database. */
  addStored(deps: StoredDeps): void;
  /** The text for Prometheus. */
  render(): Promise<string>;
}

/** @param ofProcess also measures memory, processor, event loop and garbage collection, which costs a little all the time */
export function createMetrics({ version, ofProcess }: { version: string; ofProcess: boolean }): Metrics {
  const registry = new Registry();
  const info = new Gauge({
    name: `${PREFIX}info`,
    help: "1, with the version of the bot.",
    labelNames: ["version"],
    registers: [registry],
  });
  info.set({ version }, 1);
  if (ofProcess) collectDefaultMetrics({ register: registry });
  let readStored = async (): Promise<void> => undefined;
  return {
    meter: createMeter(registry),
    contentType: registry.contentType,
    watchCalls: createCallWatch(registry),
    countEvents: createEventCount(registry),
    addStored(deps) {
      readStored = createStoredGauges(registry, deps);
    },
    async render() {
      await readStored();
      return registry.metrics();
    },
  };
}
