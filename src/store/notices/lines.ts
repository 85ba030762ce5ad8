import type { Kysely, Selectable } from "kysely";
import type { Line, Storm } from "../../domain/notices/group.ts";
import type { Tables } from "../schema.ts";
import type { Step } from "./step.ts";

type Row = Selectable<Tables["lines"]>;
export type LineChange = Partial<Row>;

/**
 * A target's line, begun if it has none, and nobody else's until the transaction ends: whatever of one target depends on
 * what is there already comes one after the other.
 */
export async function lockLine({ tx, alone }: Step, target: string): Promise<Row> {
  await tx
    .insertInto("lines")
    .values({ target, first: 0, attempts: 0 })
    .onConflict((conflict) => conflict.column("target").doNothing())
    .execute();
  return tx
    .selectFrom("lines")
    .selectAll()
    .where("target", "=", target)
    .$if(!alone, (query) => query.forUpdate())
    .executeTakeFirstOrThrow();
}

export async function writeLine({ tx }: Step, target: string, change: LineChange): Promise<void> {
  await tx.updateTable("lines").set(change).where("target", "=", target).execute();
}

export async function findLine(db: Kysely<Tables>, target: string): Promise<Row | undefined> {
  return db.selectFrom("lines").selectAll().where("target", "=", target).executeTakeFirst();
}

export function readLine({ flushedAt, retryAt, storm }: Pick<Row, "flushedAt" | "retryAt" | "storm">): Line {
  return {
    ...(flushedAt !== null && { flushedAt }),
    ...(retryAt !== null && { retryAt }),
    ...(storm !== null && { storm: readStorm(storm) }),
  };
}

export const readStorm = (json: string): Storm => JSON.parse(json);

/** Nobody has taken up a message of the line. */
export const UNHELD = { holder: null, leasedUntil: null } as const;

/** Nor has one failed. */
export const AT_REST = { ...UNHELD, attempts: 0, triedSince: null, retryAt: null } as const;
