import type { Kysely } from "kysely";
import type { StoredTokens } from "../domain/ports/store.ts";
import { Failure } from "../errors.ts";
import type { Tables } from "./schema.ts";
import type { TokenCipher } from "./token-cipher.ts";

/** There is one pair. */
const ROW = "wholesale";

const COLUMNS = ["refreshToken", "accessToken"] as const;

type Pair = Readonly<Record<(typeof COLUMNS)[number], string>>;

export function createTokens(db: Kysely<Tables>, cipher: TokenCipher): StoredTokens {
  const encrypt = (pair: Pair) => mapPair(pair, (text, column) => cipher.encrypt(text, { row: ROW, column }));
  const decrypt = (pair: Pair) => mapPair(pair, (text, column) => cipher.decrypt(text, { row: ROW, column }));
  const readStored = () =>
    db
      .selectFrom("tokens")
      .select(["refreshToken", "accessToken", "expiresAt", "origin"])
      .where("name", "=", ROW)
      .executeTakeFirst();
  return {
    async read() {
      const stored = await readStored();
      return stored && { ...stored, ...decrypt(stored) };
    },
    async save({ refreshToken, accessToken, expiresAt, origin }, now) {
      const content = { ...encrypt({ refreshToken, accessToken }), expiresAt, origin, savedAt: now };
      await db
        .insertInto("tokens")
        .values({ name: ROW, ...content })
        .onConflict((conflict) => conflict.column("name").doUpdateSet(content))
        .execute();
    },
    async applyKey(origin) {
      const stored = await readStored();
      if (stored === undefined) return false;
      const plain = readable(() => decrypt(stored), stored.origin === origin);
      if (plain === undefined && origin !== undefined) await db.deleteFrom("tokens").where("name", "=", ROW).execute();
      if (plain === undefined || COLUMNS.every((column) => cipher.isCurrent(stored[column]))) return false;
      const { numUpdatedRows } = await db
        .updateTable("tokens")
        .set(encrypt(plain))
        .where("name", "=", ROW)
        // Another instance may have saved a new pair meanwhile.
        .where("refreshToken", "=", stored.refreshToken)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
  };
}

const mapPair = (pair: Pair, change: (text: string, column: (typeof COLUMNS)[number]) => string): Pair => ({
  refreshToken: change(pair.refreshToken, "refreshToken"),
  accessToken: change(pair.accessToken, "accessToken"),
});

/** Undefined if the pair cannot be read and is not needed. */
function readable(read: () => Pair, isNeeded: boolean): Pair | undefined {
  try {
    return read();
  } catch (error) {
    if (isNeeded || !(error instanceof Failure)) throw error;
    return undefined;
  }
}
