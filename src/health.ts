import { readFileSync } from "node:fs";
import { type SnapshotAge, WHOLE_TOKEN } from "./domain/customers/sweep.ts";
import { type HealthCheck, type HealthReport, OUTAGE_CHECK } from "./domain/health-report.ts";
import type { Clock } from "./domain/ports/runtime.ts";
import type { Store } from "./domain/ports/store.ts";
import type { Wholesale } from "./domain/ports/wholesale.ts";
import { formatDuration } from "./domain/views/text.ts";
import { Failure } from "./errors.ts";

/** Remembers whether the last call to another system succeeded. */
export interface CallStatus {
  track<T>(call: () => Promise<T>): Promise<T>;
  check(name: string, vital: boolean): HealthCheck;
}

export function createCallStatus(clock: Clock): CallStatus {
  let last: { readonly at: number; readonly failure?: string } | undefined;
  return {
    async track(call) {
      try {
        const result = await call();
        last = { at: clock() };
        return result;
      } catch (error) {
        last = {
          at: clock(),
          ...(countsAsFailure(error) && { failure: error instanceof Failure ? error.message : "failed" }),
        };
        throw error;
      }
    },
    check(name, vital) {
      if (last === undefined) return { name, vital, ok: !vital, detail: "not called yet" };
      const ago = `${formatDuration(clock() - last.at)} ago`;
      return {
        name,
        vital,
        ok: last.failure === undefined,
        detail: last.failure === undefined ? `answered ${ago}` : `${last.failure} (${ago})`,
      };
    },
  };
}

/** A rejection of one request alone (a wrong id, a wrong filter) is not a problem of the other system. */
function countsAsFailure(error: unknown): boolean {
  return !(error instanceof Failure) || error.retryable || !/\.(invalid|missing|conflict|gone)$/.test(error.code);
}

/** The same port; its calls set `status`. */
export function withCallStatus(wholesale: Wholesale, status: CallStatus): Wholesale {
  return {
    list: (query, options) => status.track(() => wholesale.list(query, options)),
    get: (id, options) => status.track(() => wholesale.get(id, options)),
  };
}

/** The inbox check fails from this number of waiting events on. */
const INBOX_BACKLOG = 100;

interface HealthDeps {
  readonly store: Store;
  readonly webhooks: CallStatus;
  readonly wholesale: CallStatus;
  readonly messages: CallStatus;
  readonly clock: Clock;
}

/** Each call of the returned function makes a new report. */
export function createHealth({ store, webhooks, wholesale, messages, clock }: HealthDeps): () => Promise<HealthReport> {
  const startedAt = clock();
  const version = readVersion();
  return async () => ({
    version,
    startedAt,
    checks: [
      ...(await storeChecks(store)),
      webhooks.check("Webex webhooks", true),
      wholesale.check("Wholesale API", false),
      ...(await snapshotChecks(store, clock())),
      messagesCheck(messages),
      ...(await alertChecks(store, clock())),
    ],
  });
}

async function storeChecks(store: Store): Promise<readonly HealthCheck[]> {
  try {
    await store.ping();
    const waiting = await store.inbox.waiting();
    return [
      { name: "Database", vital: true, ok: true, detail: "answers" },
      {
        name: "Inbox",
        vital: false,
        ok: waiting < INBOX_BACKLOG,
        detail: waiting < INBOX_BACKLOG ? "no backlog" : `${waiting} requests wait`,
      },
    ];
  } catch {
    return [{ name: "Database", vital: true, ok: false, detail: "does not answer" }];
  }
}

async function snapshotChecks({ snapshot }: Store, now: number): Promise<readonly HealthCheck[]> {
  try {
    return [snapshotCheck(await snapshot.age(WHOLE_TOKEN), now)];
  } catch {
    // The check "Database" fails.
    return [];
  }
}

/** Healthy as long as no message was sent; vital after one failed, because sending is the purpose of the bot (ALERTS 32). */
function messagesCheck(messages: CallStatus): HealthCheck {
  const check = messages.check("Webex messages", false);
  return { ...check, vital: !check.ok };
}

/** Longer than any window and some retries: a notice that waits longer is late. */
const LATE_MS = 15 * 60_000;

async function alertChecks({ outbox, alerts }: Store, now: number): Promise<readonly HealthCheck[]> {
  try {
    const { waiting, oldestAt = now, dead } = await outbox.state();
    const { outage } = await alerts.visibility(WHOLE_TOKEN);
    const age = formatDuration(now - oldestAt);
    return [
      {
        name: "Outbox",
        vital: false,
        ok: now - oldestAt < LATE_MS,
        detail: `${waiting === 0 ? "nothing waits" : `${waiting} wait, since ${age}`}${dead > 0 ? `, ${dead} given up` : ""}`,
      },
      {
        name: OUTAGE_CHECK,
        vital: false,
        ok: outage === undefined,
        detail:
          outage === undefined
            ? "API readable"
            : `API not readable for ${formatDuration(now - outage.since)}: ${outage.cause}`,
      },
    ];
  } catch {
    // The check "Database" fails.
    return [];
  }
}

/** The check of the snapshot: whether it is complete, its number of customers, and its age. */
export function snapshotCheck({ completeAt, customers, current }: SnapshotAge, now: number): HealthCheck {
  const check = { name: "Snapshot", vital: false };
  const count = (number: number) => number.toLocaleString("en-US");
  const last = completeAt && `complete, ${count(customers)} customers, ${formatDuration(now - completeAt)} old`;
  const failed = current?.state === "failed" && current.startedAt > (completeAt ?? 0);
  if (failed) {
    const detail = `failed: ${current.cause ?? "unknown"}`;
    return { ...check, ok: false, detail: last ? `${detail}; before that ${last}` : detail };
  }
  if (last) return { ...check, ok: true, detail: last };
  if (current === undefined) return { ...check, ok: true, detail: "not read yet" };
  return { ...check, ok: true, detail: `reading: ${count(current.customers)} customers so far` };
}

function readVersion(): string {
  const { version }: { version?: unknown } = JSON.parse(
    readFileSync(new URL("../package.json", import.meta.url), "utf8"),
  );
  return String(version);
}
