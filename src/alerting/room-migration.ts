import { sql } from "kysely";
import { lockQueue, updateDueAt } from "./queue.ts";
import { resumeRoom } from "./room-suspension.ts";
import type { TransactionContext } from "./transaction.ts";

type Tx = TransactionContext["tx"];

interface RoomMigration {
  readonly from: string;
  readonly to: string;
}

/**
 * Webex has given a room another id: its watches, mutes, notices and the like move to the new id (ALERTS 29). Rows that exist
 * there already stay. The cached members do not move, because new people may be among them. Watches that were suspended,
 * because a message to the old id was refused first, go on.
 */
export async function migrateRoom(ctx: TransactionContext, migration: RoomMigration): Promise<void> {
  const { tx } = ctx;
  if (migration.from === migration.to) return;
  await lockQueue(ctx, migration.from);
  await resumeRoom(ctx, migration.from);
  await moveWatchesAndMutes(tx, migration);
  await moveNotifications(tx, migration);
  await moveCards(tx, migration);
  await moveSingletons(tx, migration);
  await updateDueAt(ctx, migration.to);
}

/** Numbers continue after those of the new id. Watches of other rooms that escalate to this room are changed as well. */
async function moveWatchesAndMutes(tx: Tx, { from, to }: RoomMigration): Promise<void> {
  for (const table of ["watches", "mutes"] as const) {
    const { last } = await tx
      .selectFrom(table)
      .select(({ fn }) => fn.max("number").as("last"))
      .where("roomId", "=", to)
      .executeTakeFirstOrThrow();
    await tx
      .updateTable(table)
      .set((is) => ({ roomId: to, number: is("number", "+", last ?? 0) }))
      .where("roomId", "=", from)
      .execute();
  }
  await renumberMutes(tx, to);
  const options = replaceInJson("options", ["escalate", from], ["escalate", to]);
  await tx.updateTable("watches").set({ options }).execute();
}

/** Their JSON contains the room and the number. */
async function renumberMutes(tx: Tx, roomId: string): Promise<void> {
  const rows = await tx.selectFrom("mutes").select(["number", "mute"]).where("roomId", "=", roomId).execute();
  for (const { number, mute } of rows) {
    await tx
      .updateTable("mutes")
      .set({ mute: JSON.stringify({ ...JSON.parse(mute), roomId, number }) })
      .where("roomId", "=", roomId)
      .where("number", "=", number)
      .execute();
  }
}

/** SQL that replaces a property with a given value in a JSON column. */
function replaceInJson(column: string, before: readonly [string, string], after: readonly [string, string]) {
  const property = ([name, value]: readonly [string, string]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`;
  return sql<string>`replace(${sql.ref(column)}, ${property(before)}, ${property(after)})`;
}

async function moveNotifications(tx: Tx, { from, to }: RoomMigration): Promise<void> {
  await tx
    .deleteFrom("notifiedStates")
    .where("roomId", "=", from)
    .where("alertId", "in", (is) => is.selectFrom("notifiedStates").select("alertId").where("roomId", "=", to))
    .execute();
  await tx.updateTable("notifiedStates").set({ roomId: to }).where("roomId", "=", from).execute();
  await tx.updateTable("alertCards").set({ roomId: to }).where("roomId", "=", from).execute();
  await tx
    .deleteFrom("outbox")
    .where("recipient", "=", from)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom("outbox as there")
          .select("there.id")
          .where("there.recipient", "=", to)
          .whereRef("there.alertId", "=", "outbox.alertId")
          .whereRef("there.generation", "=", "outbox.generation")
          .whereRef("there.kind", "=", "outbox.kind"),
      ),
    )
    .execute();
  await tx.updateTable("outbox").set({ recipient: to }).where("recipient", "=", from).execute();
}

async function moveCards(tx: Tx, { from, to }: RoomMigration): Promise<void> {
  const card = replaceInJson("card", ["roomId", from], ["roomId", to]);
  await tx.updateTable("cards").set({ roomId: to, card }).where("roomId", "=", from).execute();
}

/** The tables with one row for each room. The permission ends: nobody can tell whether the same people are in the space. */
async function moveSingletons(tx: Tx, { from, to }: RoomMigration): Promise<void> {
  await tx.deleteFrom("allowedRooms").where("roomId", "=", from).execute();
  for (const table of ["digests", "roomScopes", "roomZones"] as const) {
    const there = await tx.selectFrom(table).select("roomId").where("roomId", "=", to).executeTakeFirst();
    const moved =
      there === undefined
        ? tx.updateTable(table).set({ roomId: to }).where("roomId", "=", from)
        : tx.deleteFrom(table).where("roomId", "=", from);
    await moved.execute();
  }
  const queue = await tx
    .selectFrom("recipientQueues")
    .select("recipient")
    .where("recipient", "=", to)
    .executeTakeFirst();
  const moved =
    queue === undefined
      ? tx.updateTable("recipientQueues").set({ recipient: to }).where("recipient", "=", from)
      : tx.deleteFrom("recipientQueues").where("recipient", "=", from);
  await moved.execute();
}
