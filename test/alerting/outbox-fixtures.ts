import type { Kysely } from "kysely";
import { afterEach } from "vitest";
import { writeAlerts } from "../../src/alerting/alert-rows.ts";
import { createOutbox } from "../../src/alerting/outbox.ts";
import { createAlerts } from "../../src/alerting/queries.ts";
import { enqueue } from "../../src/alerting/queue.ts";
import { reconcileRoom } from "../../src/alerting/reconcile.ts";
import {
  enqueueSummaryNotice,
  releaseSummaryNotices,
  type SummaryNoticeKind,
} from "../../src/alerting/summary-notices.ts";
import { inTransaction } from "../../src/alerting/transaction.ts";
import type { Alert } from "../../src/domain/alerts/alert.ts";
import { closeAlert } from "../../src/domain/alerts/lifecycle.ts";
import type { Mute } from "../../src/domain/alerts/mute.ts";
import type { NoticeDetails, NoticeKind } from "../../src/domain/alerts/notice.ts";
import { NO_WATCH_OPTIONS, type WatchOptions } from "../../src/domain/alerts/watch.ts";
import type { Outbox, OutgoingMessage } from "../../src/domain/ports/alerting.ts";
import { openDatabase } from "../../src/store/database.ts";
import type { Tables } from "../../src/store/schema.ts";
import { broken, NOON } from "../store/sweep-fixtures.ts";
import { alertOf } from "../support/alert-fixtures.ts";
import { onEveryDatabase, type TestDatabase } from "../support/databases.ts";
import { HOUR, MINUTE } from "../support/time.ts";
import { postedInThread } from "./deliver-messages.ts";

/** Alerts, watching rooms, and an outbox on a database of its own. */

export const LEASE_MS = MINUTE;
export const WAR = "war room";
export const OPS = "ops room";
export const TIMINGS = { waitMs: 30_000, intervalMs: 5 * MINUTE, reopenMs: 30 * MINUTE, remindMs: 4 * HOUR };

/** When notices that were enqueued at noon are sent, and the earliest time of the next message. */
export const WAITED = NOON + TIMINGS.waitMs;
export const WINDOW = WAITED + TIMINGS.intervalMs;

/** An alert of a customer of its own, open since noon. */
export const alert = (id: number, but: Partial<Alert> = {}): Alert =>
  alertOf({
    id,
    key: { scope: "", customerId: `c${id}`, item: "webex_calling", kind: "error" },
    openedAt: NOON,
    badSince: NOON,
    subject: broken(`c${id}`),
    ...but,
  });

export const alertsFrom = (first: number, count: number) =>
  Array.from({ length: count }, (_, index) => alert(first + index));

export const closed = (one: Alert, at: number): Alert => closeAlert(one, "recovered", at);

export const reopened = (one: Alert, at: number): Alert => {
  const { closedAt: _, reason: __, ...rest } = one;
  return { ...rest, state: "open", badSince: at, reopenedAt: [at], generation: one.generation + 1 };
};

export type OutboxHarness = Awaited<ReturnType<typeof openOutboxHarness>>;

/** Runs a suite on every database; `open` opens another instance on the data of the test. */
export function onEveryOutbox(suite: (open: () => Promise<OutboxHarness>, database: TestDatabase) => void): void {
  onEveryDatabase((database) => suite(outboxHarnesses(database), database));
}

export function outboxHarnesses(database: TestDatabase): () => Promise<OutboxHarness> {
  let opened: OutboxHarness[] = [];
  afterEach(async () => {
    await Promise.all(opened.map((harness) => harness.close()));
    opened = [];
  });
  return async () => {
    const harness = await openOutboxHarness(database);
    opened.push(harness);
    return harness;
  };
}

async function openOutboxHarness(database: TestDatabase) {
  const { db, isSingleInstance, close: end } = await openDatabase(database.location());
  const deps = { db, isSingleInstance, timings: TIMINGS, opsRoomId: OPS };
  const outbox = createOutbox(deps);
  const seed = seedHelpers(db);
  const reconcile = (roomId: string, now: number, alertIds?: readonly number[]) =>
    inTransaction(deps, now, (ctx) => reconcileRoom(ctx, roomId, alertIds));
  /** A room that watches everything, with the notices of alerts 1 to `count` queued at noon. */
  const queueAlerts = async (count = 1): Promise<void> => {
    await seed.watch(WAR);
    await seed.put(...alertsFrom(1, count));
    await reconcile(WAR, NOON);
  };
  return {
    db,
    outbox,
    close: end,
    ...seed,
    ...readHelpers(db),
    reconcile,
    queueAlerts,
    /** The same, and the alerts were delivered at `WAITED` by the message `root`. */
    async deliverAlerts(count = 1): Promise<void> {
      await queueAlerts(count);
      await deliverNext(outbox, WAITED, "root");
    },
    enqueue: (roomId: string, kind: NoticeKind, now: number, details: NoticeDetails = {}) =>
      inTransaction(deps, now, (ctx) => enqueue(ctx, { recipient: { roomId }, kind, generation: now, details })),
    enqueueSummaryNotice: (roomId: string, kind: SummaryNoticeKind, now: number) =>
      inTransaction(deps, now, (ctx) => enqueueSummaryNotice(ctx, roomId, kind)),
    releaseSummaryNotices: (now: number) => inTransaction(deps, now, (ctx) => releaseSummaryNotices(ctx, "")),
    change: createAlerts(deps).change,
    reservePressEdit: createAlerts(deps).reservePressEdit,
    recordPressEdit: createAlerts(deps).recordPressEdit,
    claim: (now: number, holder = "ada") => outbox.claim(holder, now, LEASE_MS),
    claimNext: (now: number) => claimNext(outbox, now),
    /** A process claims the next message, begins to post it, and ends. */
    async losePost(now: number): Promise<OutgoingMessage> {
      const message = await outbox.claim("dead", now, LEASE_MS);
      if (message === undefined || !(await outbox.beginPost(message, now))) throw new Error("Nothing is due.");
      return message;
    },
    deliverNext: (now: number, messageId?: string) => deliverNext(outbox, now, messageId),
    runScheduled: (now: number) => outbox.runScheduled({ now, runningSince: now, sweepIntervalMs: 5 * MINUTE }),
  };
}

async function claimNext(outbox: Outbox, now: number): Promise<OutgoingMessage> {
  const message = await outbox.claim("ada", now, LEASE_MS);
  if (message === undefined) throw new Error("Nothing is due.");
  return message;
}

async function deliverNext(outbox: Outbox, now: number, messageId = `message at ${now}`): Promise<OutgoingMessage> {
  const message = await claimNext(outbox, now);
  await outbox.delivered(message, postedInThread(message, messageId), now);
  return message;
}

const seedHelpers = (db: Kysely<Tables>) => ({
  put: (...alerts: readonly Alert[]) => db.transaction().execute((tx) => writeAlerts(tx, alerts, 0)),
  async watch(
    roomId: string,
    { ownerId = "owner", space, ...more }: Partial<WatchOptions> & { ownerId?: string; space?: string } = {},
  ) {
    const options = JSON.stringify({ ...NO_WATCH_OPTIONS, ...more });
    const escalates = more.escalate === undefined ? 0 : 1;
    const number = (await db.selectFrom("watches").select("number").where("roomId", "=", roomId).execute()).length + 1;
    await db
      .insertInto("watches")
      .values({
        roomId,
        number,
        filter: "[]",
        options,
        escalates,
        ownerId,
        since: NOON,
        space: space ?? null,
      })
      .execute();
  },
  async mute(mute: Pick<Mute, "roomId" | "from" | "until">) {
    const whole: Mute = { ...mute, number: 1, filter: [], because: "work", personId: "ada", by: "Ada" };
    const { roomId, from, until, number } = whole;
    await db
      .insertInto("mutes")
      .values({ roomId, number, from, until, ended: 0, mute: JSON.stringify(whole) })
      .execute();
  },
  /** A sweep of the scope was complete at noon. */
  async completeSweep(scope = "") {
    const at = { baselineAt: NOON, readAt: NOON, completeAt: NOON };
    await db
      .insertInto("visibility")
      .values({ scope, tookMs: 0, ...at })
      .execute();
  },
  async bind(roomId: string, scope: string) {
    await db.insertInto("roomScopes").values({ roomId, scope, byPersonId: "ada", boundAt: NOON }).execute();
  },
});

const readHelpers = (db: Kysely<Tables>) => ({
  /** All notices of a recipient, in the order in which they were enqueued: `alert pending`. */
  async noticeStates(recipient: string): Promise<readonly string[]> {
    const rows = await db
      .selectFrom("outbox")
      .select(["kind", "state"])
      .where("recipient", "=", recipient)
      .orderBy("id")
      .execute();
    return rows.map(({ kind, state }) => `${kind} ${state}`);
  },
  queue: (recipient: string) =>
    db.selectFrom("recipientQueues").selectAll().where("recipient", "=", recipient).executeTakeFirstOrThrow(),
  cards: (roomId: string) =>
    db.selectFrom("alertCards").selectAll().where("roomId", "=", roomId).orderBy("messageId").execute(),
  notified: (roomId: string) =>
    db.selectFrom("notifiedStates").selectAll().where("roomId", "=", roomId).orderBy("alertId").execute(),
});
