import type { Kysely } from "kysely";
import type { Tokens } from "../domain/ports.ts";
import type { Tables } from "./schema.ts";

const NAME = "wholesale";

export const createTokens = (db: Kysely<Tables>): Tokens => ({
  read: () =>
    db
      .selectFrom("tokens")
      .select(["refreshToken", "accessToken", "expiresAt", "origin"])
      .where("name", "=", NAME)
      .executeTakeFirst(),
  async save({ refreshToken, accessToken, expiresAt, origin }, now) {
    const content = { refreshToken, accessToken, expiresAt, origin, savedAt: now };
    await db
      .insertInto("tokens")
      .values({ name: NAME, ...content })
      .onConflict((conflict) => conflict.column("name").doUpdateSet(content))
      .execute();
  },
});
