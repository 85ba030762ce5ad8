/** An API call that the sandbox received, without its token and body. */
export interface Call {
  readonly time: string;
  readonly api: "webex" | "wholesale";
  readonly method: string;
  /** Below `/v1`, without the query. */
  readonly path: string;
  readonly query: string;
  /** 0 when the connection was cut before the answer. */
  readonly status: number;
  /** `bot`, `wholesale`, the name of a person, or `nobody`. */
  readonly by: string;
  readonly ms: number;
  /** For a list: the number of items, and if there is a next page. */
  readonly items?: number;
  readonly hasNext?: boolean;
}

/** An event that was sent to a webhook. */
export interface WebhookDelivery {
  readonly time: string;
  readonly resource: string;
  readonly event: string;
  /** 0 when there was no answer. */
  readonly status: number;
  readonly error?: string;
  readonly ms: number;
}

type Counts = Readonly<Record<string, number>>;

export interface CallReport {
  readonly calls: readonly Call[];
  /** By route, such as `GET /messages/:id`: all calls since the last clearing, also those no longer listed. */
  readonly counts: Counts;
  readonly countsByCaller: { readonly bot: Counts; readonly wholesale: Counts; readonly people: Counts };
  readonly webhooks: readonly WebhookDelivery[];
}

const MAX_CALLS = 5_000;

interface CallListeners {
  readonly onCall: (call: Call) => void;
  readonly onWebhook: (delivery: WebhookDelivery) => void;
}

export function createCallLog({ onCall, onWebhook }: CallListeners) {
  let calls: Call[] = [];
  let webhooks: WebhookDelivery[] = [];
  let counts = new Map<string, number>();
  let byCaller = createCounters();

  return {
    record(call: Call, route: string): void {
      // Trimmed rarely and by half, so that a busy bench does not copy 5,000 entries per call.
      if (calls.length >= 2 * MAX_CALLS) calls = calls.slice(-MAX_CALLS);
      calls.push(call);
      const caller = call.by === "bot" || call.by === "wholesale" ? call.by : "people";
      for (const counter of [counts, byCaller[caller]]) counter.set(route, (counter.get(route) ?? 0) + 1);
      onCall(call);
    },
    recordWebhook(delivery: WebhookDelivery): void {
      if (webhooks.length >= 2 * MAX_CALLS) webhooks = webhooks.slice(-MAX_CALLS);
      webhooks.push(delivery);
      onWebhook(delivery);
    },
    report(): CallReport {
      const { bot, wholesale, people } = byCaller;
      return {
        calls: calls.slice(-MAX_CALLS),
        counts: Object.fromEntries(counts),
        countsByCaller: {
          bot: Object.fromEntries(bot),
          wholesale: Object.fromEntries(wholesale),
          people: Object.fromEntries(people),
        },
        webhooks: webhooks.slice(-MAX_CALLS),
      };
    },
    clear(): void {
      calls = [];
      webhooks = [];
      counts = new Map();
      byCaller = createCounters();
    },
  };
}

const createCounters = () => ({
  bot: new Map<string, number>(),
  wholesale: new Map<string, number>(),
  people: new Map<string, number>(),
});
