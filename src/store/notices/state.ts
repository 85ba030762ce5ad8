import type { Kysely } from "kysely";
import type { Outbox } from "../../domain/alerting.ts";
import type { Tables } from "../schema.ts";
import { reclaim } from "./claim.ts";
import { UNHELD, writeLine } from "./lines.ts";
import { reschedule } from "./owing.ts";
import type { Step } from "./step.ts";

/** Ends every lease; what was under way may have been posted. Returns how many. */
export async function releaseLines(step: Step): Promise<number> {
  const held = await step.tx
    .selectFrom("lines")
    .select("target")
    .where("holder", "is not", null)
    .orderBy("target")
    .execute();
  for (const { target } of held) {
    await reclaim(step, target);
    await writeLine(step, target, UNHELD);
    await reschedule(step, target);
  }
  return held.length;
}

export async function readNextDue(db: Kysely<Tables>): Promise<number | undefined> {
  const next = await db
    .selectFrom("lines")
    .select(({ fn, case: when, ref }) =>
      fn
        .min<number | null>(
          when().when("holder", "is not", null).then(ref("leasedUntil")).else(ref("dueAt")).end(),
        )
        .as("at"),
    )
    .where("suspendedAt", "is", null)
    .executeTakeFirst();
  return next?.at ?? undefined;
}

export async function readState(db: Kysely<Tables>): ReturnType<Outbox["state"]> {
  const rows = await db
    .selectFrom("outbox")
    .select(["state", ({ fn }) => fn.countAll<number>().as("count")])
    .select(({ fn }) => fn.min("owedAt").as("oldestAt"))
    .where("state", "in", ["pending", "claimed", "transient", "dead"])
    .groupBy("state")
    .execute();
  const waiting = rows.filter(({ state }) => state === "pending" || state === "claimed");
  const countOf = (asked: string) => rows.find(({ state }) => state === asked)?.count ?? 0;
  return {
    waiting: countOf("pending") + countOf("claimed"),
    ...(waiting.length > 0 && { oldestAt: Math.min(...waiting.map(({ oldestAt }) => oldestAt)) }),
    ...{ transient: countOf("transient"), dead: countOf("dead") },
  };
}
