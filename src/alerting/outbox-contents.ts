import type { NoticeKind } from "../domain/alerts/notice.ts";
import type { Outbox, OutboxEntry } from "../domain/ports/alerting.ts";
import { roomIdOf } from "./recipients.ts";
import type { Db } from "./transaction.ts";

/** How many alert numbers of one entry are named. */
const MAX_NUMBERS = 10;

/** Everything in the outbox that was not delivered, by recipient, kind and cause (ALERTS 29), and questions given up. */
export async function readOutboxContents(db: Db): Promise<readonly OutboxEntry[]> {
  const rows = await db
    .selectFrom("outbox")
    .innerJoin("recipientQueues", "recipientQueues.recipient", "outbox.recipient")
    .select([
      "outbox.recipient",
      "outbox.kind",
      "outbox.cause",
      "recipientQueues.retryAt as queueRetryAt",
      "withheldAt",
    ])
    .select(({ fn, case: when, ref }) => [
      when()
        .when("outbox.state", "in", ["dead", "held"])
        .then(ref("outbox.state"))
        .else("waiting" as const)
        .end()
        .as("state"),
      fn.countAll<number>().as("count"),
      fn.min("outbox.queuedAt").as("since"),
      fn.min<number | null>("outbox.retryAt").as("retryAt"),
    ])
    .where("outbox.state", "in", ["dead", "held", "pending", "claimed"])
    .groupBy(["outbox.recipient", "outbox.kind", "outbox.cause", "queueRetryAt", "withheldAt", "state"])
    .orderBy("since")
    .execute();
  const spaces = await readSpaces(db);
  const entries: OutboxEntry[] = [];
  for (const { recipient, kind, state, count, since, retryAt, queueRetryAt, withheldAt, ...row } of rows) {
    const cause = state === "waiting" && withheldAt !== null ? "guests" : row.cause;
    const nextTryAt = state === "dead" ? retryAt : queueRetryAt;
    entries.push({
      recipient: nameOf(recipient, spaces),
      kind,
      state: state as OutboxEntry["state"],
      count,
      since,
      alertIds: await readNumbers(db, { recipient, kind, state }),
      ...(cause !== null && { cause }),
      ...(nextTryAt !== null && { nextTryAt }),
    });
  }
  return [...entries, ...(await readUnanswered(db, spaces))];
}

/** The questions that were given up, by space and cause. */
async function readUnanswered(db: Db, spaces: ReadonlyMap<string, string>): Promise<readonly OutboxEntry[]> {
  const rows = await db
    .selectFrom("inbox")
    .select(["roomId", "cause"])
    .select(({ fn }) => [fn.countAll<number>().as("count"), fn.min("receivedAt").as("since")])
    .where("givenUpAt", "is not", null)
    .where("senderId", "!=", "")
    .groupBy(["roomId", "cause"])
    .orderBy("since")
    .execute();
  return rows.map(({ roomId, cause, count, since }) => ({
    recipient: nameOf(roomId, spaces),
    kind: "question",
    state: "dead",
    count,
    alertIds: [],
    since,
    ...(cause !== null && { cause }),
  }));
}

/** The titles of spaces, as their watches know them. */
async function readSpaces(db: Db): Promise<ReadonlyMap<string, string>> {
  const rows = await db.selectFrom("watches").select(["roomId", "space"]).where("space", "is not", null).execute();
  return new Map(rows.map(({ roomId, space }) => [roomId, space ?? roomId]));
}

function nameOf(recipient: string, spaces: ReadonlyMap<string, string>): string {
  return roomIdOf(recipient) === undefined ? "A person" : (spaces.get(recipient) ?? "A space of unknown name");
}

interface EntryKey {
  readonly recipient: string;
  readonly kind: NoticeKind;
  readonly state: string;
}

async function readNumbers(db: Db, { recipient, kind, state }: EntryKey): Promise<readonly number[]> {
  const rows = await db
    .selectFrom("outbox")
    .select("alertId")
    .where("recipient", "=", recipient)
    .where("state", "in", state === "waiting" ? ["pending", "claimed"] : [state as "dead" | "held"])
    .where("kind", "=", kind)
    .where("alertId", ">", 0)
    .orderBy("alertId")
    .limit(MAX_NUMBERS)
    .execute();
  return rows.map(({ alertId }) => alertId);
}

/** How many notices wait, since when, and how many were dropped or given up. */
export async function readOutboxState(db: Db): ReturnType<Outbox["state"]> {
  const rows = await db
    .selectFrom("outbox")
    .select(["state", ({ fn }) => fn.countAll<number>().as("count")])
    .select(({ fn }) => fn.min("queuedAt").as("oldestAt"))
    .where("state", "in", ["pending", "claimed", "cancelled", "dead"])
    .groupBy("state")
    .execute();
  const waiting = rows.filter(({ state }) => state === "pending" || state === "claimed");
  const countOf = (asked: string) => rows.find(({ state }) => state === asked)?.count ?? 0;
  return {
    waiting: countOf("pending") + countOf("claimed"),
    ...(waiting.length > 0 && { oldestAt: Math.min(...waiting.map(({ oldestAt }) => oldestAt)) }),
    cancelled: countOf("cancelled"),
    dead: countOf("dead"),
  };
}
