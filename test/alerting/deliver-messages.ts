import type { Alert } from "../../src/domain/alerts/alert.ts";
import { threadOf } from "../../src/domain/alerts/messages.ts";
import type { OutgoingMessage } from "../../src/domain/ports/alerting.ts";
import type { Store } from "../../src/domain/ports/store.ts";
import { MINUTE } from "../support/time.ts";

export interface Clock {
  now: number;
  runningSince: number;
  readings: number;
}

/** One delivered message. */
export interface DeliveryRecord {
  readonly to: string;
  readonly kinds: readonly string[];
  readonly alerts: readonly Alert[];
  readonly message: OutgoingMessage;
}

/** `SWEEP_INTERVAL`. */
const SWEEP_INTERVAL_MS = 5 * MINUTE;

export function deliveryHelpers({ outbox }: Store, clock: Clock) {
  const runScheduled = () =>
    outbox.runScheduled({
      now: clock.now,
      runningSince: clock.runningSince,
      sweepIntervalMs: SWEEP_INTERVAL_MS,
    });
  let messages = 0;

  const deliver = async (): Promise<readonly DeliveryRecord[]> => {
    const deliveries: DeliveryRecord[] = [];
    for (;;) {
      const message = await outbox.claim("ada", clock.now, MINUTE);
      if (message === undefined) return deliveries;
      messages += 1;
      await outbox.delivered(message, postedInThread(message, `m${messages}`), clock.now);
      deliveries.push(deliveryRecordOf(message));
    }
  };

  const wait = async (ms: number): Promise<void> => {
    clock.now += ms;
    await runScheduled();
  };

  return {
    /** Delivers everything that is due now. */
    deliver,
    wait,
    runScheduled,
    /** Delivers everything that becomes due within the next windows. */
    async deliverAll(): Promise<readonly DeliveryRecord[]> {
      const deliveries = [...(await deliver())];
      for (const ms of [MINUTE, 5 * MINUTE, 5 * MINUTE]) {
        await wait(ms);
        deliveries.push(...(await deliver()));
      }
      return deliveries;
    },
  };
}

/** Webex takes a message as it was asked to: in its thread, if it has one. */
export function postedInThread(message: OutgoingMessage, messageId: string) {
  const threadId = threadOf(message);
  return { messageId, ...(threadId !== undefined && { threadId }) };
}

export const deliveryRecordOf = (message: OutgoingMessage): DeliveryRecord => ({
  to: Object.values(message.recipient)[0] ?? "",
  kinds: message.notices.map(({ kind }) => kind),
  alerts: message.alerts,
  message,
});

/** `hq: alert acme.calling` for each message. */
export const describeDeliveries = (deliveries: readonly DeliveryRecord[]): readonly string[] =>
  deliveries.map(({ to, kinds, alerts }) =>
    [`${to}: ${[...new Set(kinds)].join("+")}`, ...alerts.map(({ key }) => `${key.customerId}.${key.item}`)].join(" "),
  );
