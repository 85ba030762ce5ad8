import type { Meter } from "../../src/domain/ports/meter.ts";

/** Counts nothing. */
export const NO_METER: Meter = {
  command: () => undefined,
  sweep: () => undefined,
  budgetWait: () => () => undefined,
  webexStatus: () => undefined,
  webhookRefused: () => undefined,
};
