import { sql } from "kysely";
import { lockQueue, reschedule } from "./queue.ts";
import type { TransactionContext } from "./transaction.ts";

type Tx = TransactionContext["tx"];

/** A space, and the id that Webex has given it instead. */
interface RoomMigration {
  readonly from: string;
  readonly to: string;
}

/**
 * Gives everything that a space has arranged, and was told, to its new id, where what is there already stays. Its members are
 * not taken along: somebody new may be among them.
 */
export async function migrateRoom(step: TransactionContext, move: RoomMigration): Promise<void> {
  const { tx } = step;
  if (move.from === move.to) return;
  await lockQueue(step, move.from);
  await moveWatchesAndMutes(tx, move);
  await moveNotifications(tx, move);
  await moveCards(tx, move);
  await moveSingletons(tx, move);
  await reschedule(step, move.to);
}

/** Numbers that are taken there are counted on from. Other spaces may escalate to this one. */
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

/** Mutes also say themselves whose they are. */
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

/** A JSON column in which one property of that value has another one. */
function replaceInJson(column: string, before: readonly [string, string], after: readonly [string, string]) {
  const said = ([name, value]: readonly [string, string]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`;
  return sql<string>`replace(${sql.ref(column)}, ${said(before)}, ${said(after)})`;
}

async function moveNotifications(tx: Tx, { from, to }: RoomMigration): Promise<void> {
  await tx
    .deleteFrom("notifiedStates")
    .where("roomId", "=", from)
    .where("alertId", "in", (is) => is.selectFrom("notifiedStates").select("alertId").where("roomId", "=", to))
    .execute();
  await tx.updateTable("notifiedStates").set({ roomId: to }).where("roomId", "=", from).execute();
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

/** What a space has one of. */
async function moveSingletons(tx: Tx, { from, to }: RoomMigration): Promise<void> {
  for (const table of ["digests", "roomScopes", "allowedRooms"] as const) {
    const there = await tx.selectFrom(table).select("roomId").where("roomId", "=", to).executeTakeFirst();
    const moved =
      there === undefined
        ? tx.updateTable(table).set({ roomId: to }).where("roomId", "=", from)
        : tx.deleteFrom(table).where("roomId", "=", from);
    await moved.execute();
  }
  const line = await tx
    .selectFrom("recipientQueues")
    .select("recipient")
    .where("recipient", "=", to)
    .executeTakeFirst();
  const moved =
    line === undefined
      ? tx.updateTable("recipientQueues").set({ recipient: to }).where("recipient", "=", from)
      : tx.deleteFrom("recipientQueues").where("recipient", "=", from);
  await moved.execute();
}
