import { type Kysely, sql } from "kysely";
import type { Clock } from "../domain/ports/runtime.ts";
import type { Tables } from "./schema.ts";

/**
 * How far `clock` is ahead of the one of PostgreSQL at least, in milliseconds; negative: behind. The server reads its clock at
 * an unknown moment between question and answer, so a slow answer is no skew.
 */
export async function measureClockSkew(db: Kysely<Tables>, clock: Clock): Promise<number> {
  const asked = clock();
  const { rows } = await sql<{
    now: number;
  }>`select extract(epoch from clock_timestamp())::float8 * 1000 as now`.execute(db);
  const answered = clock();
  const now = rows[0]?.now ?? asked;
  return Math.max(0, asked - now) + Math.min(0, answered - now);
}
