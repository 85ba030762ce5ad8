import type { ExpressionBuilder } from "kysely";
import { compiledQuery } from "../store/compiled.ts";
import type { Tables } from "../store/schema.ts";
import { eachAlone } from "./each-alone.ts";
import { lockQueue, updateDueAt, updateQueue } from "./queue.ts";
import { type AlertingDeps, inTransaction, type TransactionContext } from "./transaction.ts";

/** Queues the dead notices again whose time has come (ALERTS 29); one transaction for each recipient. */
export async function retryDeadLetters(deps: AlertingDeps, now: number): Promise<void> {
  await eachAlone(await recipientsOfDead(deps.db, { until: now }), ({ recipient }) =>
    inTransaction(deps, now, async (ctx) => {
      await lockQueue(ctx, recipient);
      await revive(ctx, recipient, now);
      await updateDueAt(ctx, recipient);
    }),
  );
}

/** Queues every dead notice again, and lets recipients whose last message failed be tried at once ("Send again"). */
export async function retryEverything(ctx: TransactionContext): Promise<void> {
  const dead = await recipientsOfDead(ctx.tx, { until: Number.MAX_SAFE_INTEGER });
  const waiting = await ctx.tx
    .selectFrom("recipientQueues")
    .select("recipient")
    .where("retryAt", "is not", null)
    .where("suspendedAt", "is", null)
    .execute();
  for (const recipient of [...new Set([...dead, ...waiting].map((one) => one.recipient))].sort()) {
    await lockQueue(ctx, recipient);
    await updateQueue(ctx, recipient, { retryAt: null, lastGroupSentAt: null });
    await revive(ctx, recipient, Number.MAX_SAFE_INTEGER);
    await updateDueAt(ctx, recipient);
  }
}

const recipientsOfDead = compiledQuery((db, { until }: { until: number }) =>
  db
    .selectFrom("outbox")
    .innerJoin("recipientQueues", "recipientQueues.recipient", "outbox.recipient")
    .select("outbox.recipient")
    .distinct()
    .where("outbox.state", "=", "dead")
    .where("outbox.retryAt", "<=", until)
    .where("suspendedAt", "is", null)
    .orderBy("outbox.recipient"),
);

/** The message is made when it is claimed, so a notice whose difference is gone meanwhile is dropped there. */
async function revive({ tx }: TransactionContext, recipient: string, until: number): Promise<void> {
  const changeDue = (state: "cancelled" | "pending") =>
    tx
      .updateTable("outbox")
      .set({ state, retryAt: null })
      .where("recipient", "=", recipient)
      .where("state", "=", "dead")
      .where("retryAt", "<=", until);
  await changeDue("cancelled").where(isOutdated).execute();
  await changeDue("pending").execute();
}

/** A newer notice told the space of the alert since then. That it came and went is told by its own row alone. */
export const isOutdated = (is: ExpressionBuilder<Tables, "outbox">) =>
  is.and([
    is("outbox.alertId", "!=", 0),
    is("outbox.urgent", "=", 0),
    is("outbox.kind", "!=", "came-and-went"),
    is.exists(
      is
        .selectFrom("outbox as newer")
        .select("newer.id")
        .whereRef("newer.recipient", "=", "outbox.recipient")
        .whereRef("newer.alertId", "=", "outbox.alertId")
        .whereRef("newer.sentAt", ">", "outbox.queuedAt")
        .where("newer.state", "=", "sent")
        .where("newer.urgent", "=", 0)
        .where("newer.kind", "!=", "came-and-went"),
    ),
  ]);
