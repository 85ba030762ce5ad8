import type { Alert } from "../../src/domain/alerts/alert.ts";
import type { OutgoingMessage } from "../../src/domain/ports/alerting.ts";
import type { Store } from "../../src/domain/ports/store.ts";
import { MINUTE } from "../store/sweep-fixtures.ts";

export interface Clock {
  now: number;
  runningSince: number;
  readings: number;
}

/** What was told: to whom, of which kind, about which alerts. */
export interface DeliveryRecord {
  readonly to: string;
  readonly kinds: readonly string[];
  readonly alerts: readonly Alert[];
  readonly message: OutgoingMessage;
}

/** `SWEEP_INTERVAL`. */
const SWEEP_INTERVAL_MS = 5 * MINUTE;

export function deliveryHelpers({ outbox }: Store, clock: Clock) {
  const tick = () =>
    outbox.runScheduled({
      now: clock.now,
      runningSince: clock.runningSince,
      sweepIntervalMs: SWEEP_INTERVAL_MS,
    });
  let messages = 0;

  const deliver = async (): Promise<readonly DeliveryRecord[]> => {
    const told: DeliveryRecord[] = [];
    for (;;) {
      const flush = await outbox.claim("postman", clock.now, MINUTE);
      if (flush === undefined) return told;
      messages += 1;
      await outbox.delivered(flush, { messageId: `m${messages}` }, clock.now);
      told.push(deliveryRecordOf(flush));
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
    async deliverAll(): Promise<readonly DeliveryRecord[]> {
      const told = [...(await deliver())];
      for (const ms of [MINUTE, 5 * MINUTE, 5 * MINUTE]) {
        await wait(ms);
        told.push(...(await deliver()));
      }
      return told;
    },
  };
}

export const deliveryRecordOf = (message: OutgoingMessage): DeliveryRecord => ({
  to: Object.values(message.recipient)[0] ?? "",
  kinds: message.notices.map(({ kind }) => kind),
  alerts: message.alerts,
  message,
});

/** `hq: alert acme.webex_calling`, one for each message. */
export const describeDeliveries = (told: readonly DeliveryRecord[]): readonly string[] =>
  told.map(({ to, kinds, alerts }) =>
    [`${to}: ${[...new Set(kinds)].join("+")}`, ...alerts.map(({ key }) => `${key.customerId}.${key.item}`)].join(" "),
  );
