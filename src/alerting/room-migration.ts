import { sql } from "kysely";
import { lockLine, reschedule } from "./queue.ts";
import type { Step } from "./transaction.ts";

type Tx = Step["tx"];

/** A space, and the id that Webex has given it instead. */
interface Move {
  readonly from: string;
  readonly to: string;
}

/**
 * Gives everything that a space has arranged, and was told, to its new id, where what is there already stays. Its members are
 * not taken along: somebody new may be among them.
 */
export async function moveRoom(step: Step, move: Move): Promise<void> {
  const { tx } = step;
  if (move.from === move.to) return;
  await lockLine(step, move.from);
  await moveNumbered(tx, move);
  await moveTold(tx, move);
  await moveCards(tx, move);
  await moveSingles(tx, move);
  await reschedule(step, move.to);
}

/** Numbers that are taken there are counted on from. Other spaces may escalate to this one. */
async function moveNumbered(tx: Tx, { from, to }: Move): Promise<void> {
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
  await renumber(tx, to);
  const options = inJson("options", ["escalate", from], ["escalate", to]);
  await tx.updateTable("watches").set({ options }).execute();
}

/** Mutes also say themselves whose they are. */
async function renumber(tx: Tx, roomId: string): Promise<void> {
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
function inJson(column: string, before: readonly [string, string], after: readonly [string, string]) {
  const said = ([name, value]: readonly [string, string]) =>
    `${JSON.stringify(name)}:${JSON.stringify(value)}`;
  return sql<string>`replace(${sql.ref(column)}, ${said(before)}, ${said(after)})`;
}

async function moveTold(tx: Tx, { from, to }: Move): Promise<void> {
  await tx
    .deleteFrom("announced")
    .where("roomId", "=", from)
    .where("alertId", "in", (is) => is.selectFrom("announced").select("alertId").where("roomId", "=", to))
    .execute();
  await tx.updateTable("announced").set({ roomId: to }).where("roomId", "=", from).execute();
  await tx
    .deleteFrom("outbox")
    .where("target", "=", from)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom("outbox as there")
          .select("there.id")
          .where("there.target", "=", to)
          .whereRef("there.alertId", "=", "outbox.alertId")
          .whereRef("there.generation", "=", "outbox.generation")
          .whereRef("there.kind", "=", "outbox.kind"),
      ),
    )
    .execute();
  await tx.updateTable("outbox").set({ target: to }).where("target", "=", from).execute();
}

async function moveCards(tx: Tx, { from, to }: Move): Promise<void> {
  const card = inJson("card", ["roomId", from], ["roomId", to]);
  await tx.updateTable("cards").set({ roomId: to, card }).where("roomId", "=", from).execute();
}

/** What a space has one of. */
async function moveSingles(tx: Tx, { from, to }: Move): Promise<void> {
  for (const table of ["digests", "roomScopes", "allowedRooms"] as const) {
    const there = await tx.selectFrom(table).select("roomId").where("roomId", "=", to).executeTakeFirst();
    const moved =
      there === undefined
        ? tx.updateTable(table).set({ roomId: to }).where("roomId", "=", from)
        : tx.deleteFrom(table).where("roomId", "=", from);
    await moved.execute();
  }
  const line = await tx.selectFrom("lines").select("target").where("target", "=", to).executeTakeFirst();
  const moved =
    line === undefined
      ? tx.updateTable("lines").set({ target: to }).where("target", "=", from)
      : tx.deleteFrom("lines").where("target", "=", from);
  await moved.execute();
}
