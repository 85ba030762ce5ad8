import type { Alert } from "../domain/alerts/alert.ts";
import { type CodeMemory, type RecalledCode, recalledCode, rememberCode } from "../domain/alerts/error-codes.ts";
import type { Scope } from "../domain/customers/sweep.ts";
import { compiledQuery } from "../store/compiled.ts";
import type { Db } from "./transaction.ts";

/** As long as alerts are kept after their end. */
const REMEMBERED_MS = 90 * 24 * 3_600_000;
/** More errors are not read. */
const MOST = 1_000;

/** The errors with this code that the bot saw begin in the last 90 days, or since it has read this scope. */
export async function readCodeMemory(db: Db, { scope, code }: RecalledCode, now: number): Promise<CodeMemory> {
  const [first] = await baselineOf(db, { scope });
  const since = Math.max(now - REMEMBERED_MS, first?.baselineAt ?? now);
  const rows = await episodesOf(db, { scope, code, since });
  const episodes = rows.slice(0, MOST).map(({ customerId, isOfCustomer, recoveredAfter, isRetried }) => ({
    customerId,
    isOfCustomer: isOfCustomer === 1,
    isRetried: isRetried === 1,
    ...(recoveredAfter !== null && { recoveredAfter }),
  }));
  return rememberCode(episodes, { code, span: Math.max(0, now - since), hasMore: rows.length > MOST });
}

/** For a card of one alert that is not over; undefined for any other. */
export async function readAlertMemory(db: Db, alerts: readonly Alert[], now: number): Promise<CodeMemory | undefined> {
  const about = recalledCode(alerts);
  return about && readCodeMemory(db, about, now);
}

const baselineOf = compiledQuery((db, { scope }: { scope: Scope }) =>
  db.selectFrom("visibility").select("baselineAt").where("scope", "=", scope),
);

const episodesOf = compiledQuery((db, { scope, code, since }: { scope: Scope; code: number; since: number }) =>
  db
    .selectFrom("alertCodes")
    .select(["customerId", "isOfCustomer", "recoveredAfter", "isRetried"])
    .where("scope", "=", scope)
    .where("code", "=", code)
    .where("openedAt", ">=", since)
    .orderBy("openedAt", "desc")
    .orderBy("alertId", "desc")
    .limit(MOST + 1),
);
