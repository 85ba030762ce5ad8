import type { Kysely, Selectable, Updateable } from "kysely";
import {
  isUrgent,
  type Notice,
  type NoticeKind,
  type Says,
  type Target,
} from "../../domain/notices/outbox.ts";
import { chunksOf, IDS, ROWS } from "../chunks.ts";
import type { Tables } from "../schema.ts";
import type { Step } from "./step.ts";
import { readTarget, targetText } from "./targets.ts";

type Db = Kysely<Tables>;
type Row = Selectable<Tables["outbox"]>;

/** What waits for a target, in the order in which it was owed. */
export async function readWaiting(db: Db, target: string): Promise<readonly Notice[]> {
  const rows = await db
    .selectFrom("outbox")
    .selectAll()
    .where("target", "=", target)
    .where("state", "=", "pending")
    .orderBy("id")
    .execute();
  return rows.map(readNotice);
}

export function readNotice(row: Row): Notice {
  const { id, kind, alertId, generation, owedAt } = row;
  return {
    ...{ id, target: readTarget(row.target), kind, alertId, generation, owedAt },
    maybeSent: row.maybeSent === 1,
    says: JSON.parse(row.says),
  };
}

/** Changes these rows, as far as they are still in one of the states `from`. */
export async function writeNotices(
  { tx }: Step,
  { ids, from }: { readonly ids: readonly number[]; readonly from: readonly Row["state"][] },
  change: Updateable<Tables["outbox"]>,
): Promise<void> {
  for (const chunk of chunksOf(ids, IDS)) {
    await tx.updateTable("outbox").set(change).where("id", "in", chunk).where("state", "in", from).execute();
  }
}

/** Whether something of this kind waits for a target, or is under way to it. */
export async function isWaiting(db: Db, target: string, kind: NoticeKind): Promise<boolean> {
  const row = await db
    .selectFrom("outbox")
    .select("id")
    .where("target", "=", target)
    .where("state", "in", ["pending", "claimed"])
    .where("kind", "=", kind)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

export interface Owed {
  readonly target: Target;
  readonly kind: NoticeKind;
  /** 0, and absent, where it is about no single alert. */
  readonly alertId?: number;
  /** Tells it from others of its kind to this target. */
  readonly generation: number;
  readonly says?: Says;
}

/** Writes down what is owed; false when it was before (ALERTS 26). */
export async function writeOwed(step: Step, owed: Owed): Promise<boolean> {
  return (await writeAllOwed(step, [owed])) > 0;
}

/** The same for many; how many are new. */
export async function writeAllOwed({ tx, now }: Step, owed: readonly Owed[]): Promise<number> {
  let count = 0;
  const rows = owed.map(({ target, kind, alertId = 0, generation, says = {} }) => ({
    ...{ target: targetText(target), kind, alertId, generation, state: "pending" as const },
    ...{ urgent: isUrgent(kind) ? 1 : 0, regression: 0, owedAt: now, maybeSent: 0 },
    says: JSON.stringify(says),
  }));
  for (const chunk of chunksOf(rows, ROWS)) {
    const { numInsertedOrUpdatedRows = 0n } = await tx
      .insertInto("outbox")
      .values(chunk)
      .onConflict((conflict) => conflict.columns(["target", "alertId", "generation", "kind"]).doNothing())
      .executeTakeFirstOrThrow();
    count += Number(numInsertedOrUpdatedRows);
  }
  return count;
}

/**
 * The notice as one of another kind. What cancelled out as that before is taken up again, in its row; undefined when the
 * target was told so, or is to be told so, by another row.
 */
export async function retell(
  { tx }: Step,
  notice: Notice,
  { kind, generation }: Pick<Notice, "kind" | "generation">,
): Promise<Notice | undefined> {
  if (kind === notice.kind) return notice;
  const { id, alertId, owedAt, maybeSent, says } = notice;
  const target = targetText(notice.target);
  const other = await tx
    .selectFrom("outbox")
    .select(["id", "state"])
    .where("target", "=", target)
    .where("alertId", "=", alertId)
    .where("generation", "=", generation)
    .where("kind", "=", kind)
    .executeTakeFirst();
  if (other !== undefined && other.state !== "transient") return undefined;
  const row = { state: "pending", owedAt, maybeSent: maybeSent ? 1 : 0, says: JSON.stringify(says) } as const;
  await tx
    .updateTable("outbox")
    .set(other === undefined ? { kind, generation } : row)
    .where("id", "=", other?.id ?? id)
    .execute();
  return { ...notice, id: other?.id ?? id, kind, generation };
}
