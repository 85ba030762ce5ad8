import type { Flush } from "../../../src/domain/alerting.ts";
import type { Alert } from "../../../src/domain/alerts/alert.ts";
import type { Store } from "../../../src/domain/ports.ts";
import { MINUTE } from "../sweeping.ts";

export interface Clock {
  now: number;
  awakeSince: number;
  readings: number;
}

/** What was told: to whom, of which kind, about which alerts. */
export interface Told {
  readonly to: string;
  readonly kinds: readonly string[];
  readonly alerts: readonly Alert[];
  readonly flush: Flush;
}

/** `SWEEP_INTERVAL`. */
const PERIOD_MS = 5 * MINUTE;

export function postOf({ outbox }: Store, clock: Clock) {
  const tick = () => outbox.tick({ now: clock.now, awakeSince: clock.awakeSince, periodMs: PERIOD_MS });
  let messages = 0;

  const deliver = async (): Promise<readonly Told[]> => {
    const told: Told[] = [];
    for (;;) {
      const flush = await outbox.claim("postman", clock.now, MINUTE);
      if (flush === undefined) return told;
      messages += 1;
      await outbox.delivered(flush, { messageId: `m${messages}` }, clock.now);
      told.push(toldBy(flush));
    }
  };

  const wait = async (ms: number): Promise<void> => {
    clock.now += ms;
    await tick();
  };

  return {
    /** Everything that is due now. */
    deliver,
    wait,
    tick,
    /** Everything that is due within the next windows. */
    async deliverAll(): Promise<readonly Told[]> {
      const told = [...(await deliver())];
      for (const ms of [MINUTE, 5 * MINUTE, 5 * MINUTE]) {
        await wait(ms);
        told.push(...(await deliver()));
      }
      return told;
    },
  };
}

export const toldBy = (flush: Flush): Told => ({
  to: Object.values(flush.target)[0] ?? "",
  kinds: flush.notices.map(({ kind }) => kind),
  alerts: flush.alerts,
  flush,
});

/** `hq: alert acme.webex_calling`, one for each message. */
export const inWords = (told: readonly Told[]): readonly string[] =>
  told.map(({ to, kinds, alerts }) =>
    [
      `${to}: ${[...new Set(kinds)].join("+")}`,
      ...alerts.map(({ key }) => `${key.customerId}.${key.item}`),
    ].join(" "),
  );
