import type { Kysely } from "kysely";
import type { Inbox } from "../domain/ports.ts";
import { claimNext, heads } from "./claims.ts";
import type { Tables } from "./schema.ts";

export interface InboxOptions {
  /** Whether this process alone uses the database, so that every lease it finds at its start is a dead one's. */
  readonly alone: boolean;
}

/** Each step is one statement, so that a crash leaves nothing half done. How events are taken up: `claims.ts`. */
export function createInbox(db: Kysely<Tables>, { alone }: InboxOptions): Inbox {
  return {
    async add({ key, roomId, resource, event, body }, now) {
      const added = await db
        .insertInto("inbox")
        .values({ key, roomId, resource, event, body, receivedAt: now, dueAt: now, attempts: 0 })
        .onConflict((conflict) => conflict.column("key").doNothing())
        .returning("id")
        .executeTakeFirst();
      return added !== undefined;
    },
    claim: (holder, now, leaseMs) => claimNext(db, { holder, now, leaseMs }),
    async renew(id, holder, now, leaseMs) {
      const { numUpdatedRows } = await db
        .updateTable("inbox")
        .set({ leasedUntil: now + leaseMs })
        .where("id", "=", id)
        .where("holder", "=", holder)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    done: (id, now) => close(db, id, now),
    drop: (id, now) => close(db, id, now),
    async postpone(id, holder, dueAt) {
      await db
        .updateTable("inbox")
        .set({ dueAt, holder: null, leasedUntil: null })
        .where("id", "=", id)
        .where("holder", "=", holder)
        .where("answeredAt", "is", null)
        .execute();
    },
    async release() {
      if (!alone) return 0;
      const { numUpdatedRows } = await db
        .updateTable("inbox")
        .set({ holder: null, leasedUntil: null })
        .where("holder", "is not", null)
        .executeTakeFirst();
      return Number(numUpdatedRows);
    },
    async nextDue() {
      const next = await heads(db)
        .select(({ fn }) => fn.min(fn.coalesce("head.leasedUntil", "head.dueAt")).as("at"))
        .executeTakeFirst();
      return next?.at ?? undefined;
    },
    async waiting() {
      const { count } = await db
        .selectFrom("inbox")
        .select(({ fn }) => fn.countAll<number>().as("count"))
        .where("answeredAt", "is", null)
        .executeTakeFirstOrThrow();
      return count;
    },
    async tidy(before) {
      const { numDeletedRows } = await db
        .deleteFrom("inbox")
        .where("answeredAt", "is not", null)
        .where("receivedAt", "<", before)
        .executeTakeFirst();
      return Number(numDeletedRows);
    },
  };
}

async function close(db: Kysely<Tables>, id: number, now: number): Promise<void> {
  await db
    .updateTable("inbox")
    .set({ answeredAt: now, holder: null, leasedUntil: null, body: "" })
    .where("id", "=", id)
    .where("answeredAt", "is", null)
    .execute();
}
