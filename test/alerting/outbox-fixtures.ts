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
import { broken, MINUTE, NOON } from "../store/sweep-fixtures.ts";
import { onEveryDatabase, type TestDatabase } from "../support/databases.ts";

/** The cast of the outbox's tests: alerts, spaces that watch, and an outbox on a database of its own. */

export const HOUR = 60 * MINUTE;
export const LEASE_MS = MINUTE;
export const WAR = "war room";
export const OPS = "ops room";
export const TIMINGS = { waitMs: 30_000, intervalMs: 5 * MINUTE, reopenMs: 30 * MINUTE, remindMs: 4 * HOUR };

/** An alert of a customer of its own, open since noon; `more` says what is different. */
export const alert = (id: number, more: Partial<Alert> = {}): Alert => ({
  id,
  key: { scope: "", customerId: `c${id}`, item: "webex_calling", kind: "error" },
  state: "open",
  generation: 1,
  openedAt: NOON,
  badSince: NOON,
  attempt: 1,
  failures: 0,
  retrying: false,
  suspended: false,
  reopenedAt: [],
  absentSweeps: 0,
  baseline: false,
  subject: broken(`c${id}`),
  ...more,
});

export const closed = (one: Alert, at: number): Alert => closeAlert(one, "recovered", at);

export const reopened = (one: Alert, at: number): Alert => {
  const { closedAt: _, reason: __, ...rest } = one;
  return { ...rest, state: "open", badSince: at, reopenedAt: [at], generation: one.generation + 1 };
};

export type OutboxHarness = Awaited<ReturnType<typeof openOutboxHarness>>;

/** Runs a suite on every database; `open` is another instance on the data of the test. */
export function onEveryOutbox(suite: (open: () => Promise<OutboxHarness>, database: TestDatabase) => void): void {
  onEveryDatabase((database) => suite(outboxHarnesses(database), database));
}

export function outboxHarnesses(database: TestDatabase): () => Promise<OutboxHarness> {
  let opened: OutboxHarness[] = [];
  afterEach(async () => {
    await Promise.all(opened.map((bench) => bench.close()));
    opened = [];
  });
  return async () => {
    const bench = await openOutboxHarness(database);
    opened.push(bench);
    return bench;
  };
}

async function openOutboxHarness(database: TestDatabase) {
  const { db, isSingleInstance, close: end } = await openDatabase(database.location());
  const deps = { db, isSingleInstance, timings: TIMINGS, opsRoomId: OPS };
  const outbox = createOutbox(deps);
  return {
    db,
    outbox,
    close: end,
    ...seedHelpers(db),
    ...readHelpers(db),
    /** What the space should be told is owed. */
    reconcile: (roomId: string, now: number) => inTransaction(deps, now, (step) => reconcileRoom(step, roomId)),
    enqueue: (roomId: string, kind: NoticeKind, now: number, details: NoticeDetails = {}) =>
      inTransaction(deps, now, (step) => enqueue(step, { recipient: { roomId }, kind, generation: now, details })),
    enqueueSummaryNotice: (roomId: string, kind: SummaryNoticeKind, now: number) =>
      inTransaction(deps, now, (step) => enqueueSummaryNotice(step, roomId, kind)),
    releaseSummaryNotices: (now: number) => inTransaction(deps, now, (step) => releaseSummaryNotices(step, "")),
    change: createAlerts(deps).change,
    muteFor: (roomId: string, now: number, ms: number) =>
      createAlerts(deps).change(
        roomId,
        {
          kind: "mute",
          mute: { filter: [], from: now, until: now + ms, because: "work", personId: "ada", by: "Ada" },
        },
        now,
      ),
    claim: (now: number, holder = "ada") => outbox.claim(holder, now, LEASE_MS),
    deliverNext: (now: number, messageId?: string) => deliverNext(outbox, now, messageId),
    runScheduled: (now: number) => outbox.runScheduled({ now, runningSince: now, sweepIntervalMs: 5 * MINUTE }),
  };
}

/** Takes up the next message and has it delivered. */
async function deliverNext(outbox: Outbox, now: number, messageId = `message at ${now}`): Promise<OutgoingMessage> {
  const flush = await outbox.claim("ada", now, LEASE_MS);
  if (flush === undefined) throw new Error("Nothing is due.");
  await outbox.delivered(flush, { messageId }, now);
  return flush;
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
  /** Everything of the scope was read at noon, without anything amiss. */
  async read(scope = "") {
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
  /** What is in the outbox for a target, in the order in which it was owed: `alert pending`. */
  async owed(recipient: string): Promise<readonly string[]> {
    const rows = await db
      .selectFrom("outbox")
      .select(["kind", "state"])
      .where("recipient", "=", recipient)
      .orderBy("id")
      .execute();
    return rows.map(({ kind, state }) => `${kind} ${state}`);
  },
  line: (recipient: string) =>
    db.selectFrom("recipientQueues").selectAll().where("recipient", "=", recipient).executeTakeFirstOrThrow(),
  told: (roomId: string) =>
    db.selectFrom("notifiedStates").selectAll().where("roomId", "=", roomId).orderBy("alertId").execute(),
});
