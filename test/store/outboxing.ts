import type { Kysely } from "kysely";
import { afterEach } from "vitest";
import { writeAlerts } from "../../src/alerting/alert-rows.ts";
import { createOutbox } from "../../src/alerting/outbox.ts";
import { createAlerts } from "../../src/alerting/queries.ts";
import { owe } from "../../src/alerting/queue.ts";
import { settleRoom } from "../../src/alerting/reconcile.ts";
import { type Cover, cover, releaseCovers } from "../../src/alerting/summary-notices.ts";
import { inStep } from "../../src/alerting/transaction.ts";
import type { Flush, Outbox } from "../../src/domain/alerting.ts";
import type { Alert } from "../../src/domain/alerts/alert.ts";
import { close } from "../../src/domain/alerts/lifecycle.ts";
import type { Mute } from "../../src/domain/alerts/mute.ts";
import type { WatchOptions } from "../../src/domain/commands/command.ts";
import type { NoticeKind, Says } from "../../src/domain/notices/outbox.ts";
import { openDatabase } from "../../src/store/database.ts";
import type { Tables } from "../../src/store/schema.ts";
import { onEveryDatabase, type TestDatabase } from "../support/databases.ts";
import { broken, MINUTE, NOON } from "./sweeping.ts";

/** The cast of the outbox's tests: alerts, spaces that watch, and an outbox on a database of its own. */

export const HOUR = 60 * MINUTE;
export const LEASE = MINUTE;
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
  absent: 0,
  baseline: false,
  subject: broken(`c${id}`),
  ...more,
});

export const closed = (one: Alert, at: number): Alert => close(one, "recovered", at);

export const reopened = (one: Alert, at: number): Alert => {
  const { closedAt: _, reason: __, ...rest } = one;
  return { ...rest, state: "open", badSince: at, reopenedAt: [at], generation: one.generation + 1 };
};

export type Bench = Awaited<ReturnType<typeof openBench>>;

/** Runs a suite on every database; `open` is another instance on the data of the test. */
export function onEveryOutbox(suite: (open: () => Promise<Bench>, database: TestDatabase) => void): void {
  onEveryDatabase((database) => suite(benches(database), database));
}

export function benches(database: TestDatabase): () => Promise<Bench> {
  let opened: Bench[] = [];
  afterEach(async () => {
    await Promise.all(opened.map((bench) => bench.close()));
    opened = [];
  });
  return async () => {
    const bench = await openBench(database);
    opened.push(bench);
    return bench;
  };
}

async function openBench(database: TestDatabase) {
  const { db, alone, close: end } = await openDatabase(database.home());
  const deps = { db, alone, timings: TIMINGS, opsRoomId: OPS };
  const outbox = createOutbox(deps);
  return {
    db,
    outbox,
    close: end,
    ...seeding(db),
    ...looking(db),
    /** What the space should be told is owed. */
    settle: (roomId: string, now: number) => inStep(deps, now, (step) => settleRoom(step, roomId)),
    owe: (roomId: string, kind: NoticeKind, now: number, says: Says = {}) =>
      inStep(deps, now, (step) => owe(step, { target: { roomId }, kind, generation: now, says })),
    cover: (roomId: string, kind: Cover, now: number) =>
      inStep(deps, now, (step) => cover(step, roomId, kind)),
    sight: (now: number) => inStep(deps, now, (step) => releaseCovers(step, "")),
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
    claim: (now: number, holder = "ada") => outbox.claim(holder, now, LEASE),
    tell: (now: number, messageId?: string) => tell(outbox, now, messageId),
    tick: (now: number) => outbox.tick({ now, awakeSince: now, periodMs: 5 * MINUTE }),
  };
}

/** Takes up the next message and has it delivered. */
async function tell(outbox: Outbox, now: number, messageId = `message at ${now}`): Promise<Flush> {
  const flush = await outbox.claim("ada", now, LEASE);
  if (flush === undefined) throw new Error("Nothing is due.");
  await outbox.delivered(flush, { messageId }, now);
  return flush;
}

const seeding = (db: Kysely<Tables>) => ({
  put: (...alerts: readonly Alert[]) => db.transaction().execute((tx) => writeAlerts(tx, alerts, 0)),
  async watch(
    roomId: string,
    { ownerId = "owner", space, ...more }: Partial<WatchOptions> & { ownerId?: string; space?: string } = {},
  ) {
    const options = JSON.stringify({ stuck: false, warnings: false, removed: false, ...more });
    const escalates = more.escalate === undefined ? 0 : 1;
    const number =
      (await db.selectFrom("watches").select("number").where("roomId", "=", roomId).execute()).length + 1;
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
      .insertInto("sights")
      .values({ scope, tookMs: 0, ...at })
      .execute();
  },
  async bind(roomId: string, scope: string) {
    await db.insertInto("roomScopes").values({ roomId, scope, byPersonId: "ada", boundAt: NOON }).execute();
  },
});

const looking = (db: Kysely<Tables>) => ({
  /** What is in the outbox for a target, in the order in which it was owed: `alert pending`. */
  async owed(target: string): Promise<readonly string[]> {
    const rows = await db
      .selectFrom("outbox")
      .select(["kind", "state"])
      .where("target", "=", target)
      .orderBy("id")
      .execute();
    return rows.map(({ kind, state }) => `${kind} ${state}`);
  },
  line: (target: string) =>
    db.selectFrom("lines").selectAll().where("target", "=", target).executeTakeFirstOrThrow(),
  told: (roomId: string) =>
    db.selectFrom("announced").selectAll().where("roomId", "=", roomId).orderBy("alertId").execute(),
});
