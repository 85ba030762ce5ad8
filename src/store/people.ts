import type { Kysely } from "kysely";
import type { People, Person } from "../domain/ports/store.ts";
import { compiledQuery } from "./compiled.ts";
import type { Tables } from "./schema.ts";

export interface StoredPeople extends People {
  /** Deletes people read before `before`; returns their number. */
  tidy(before: number): Promise<number>;
}

export function createPeople(db: Kysely<Tables>): StoredPeople {
  return {
    async find(personId, notBefore) {
      const [row] = await personOf(db, { personId, notBefore });
      return row && readPerson(row.person);
    },
    async save(person, now) {
      const content = { person: JSON.stringify(person), readAt: now };
      await db
        .insertInto("people")
        .values({ personId: person.personId, ...content })
        .onConflict((conflict) => conflict.column("personId").doUpdateSet(content))
        .execute();
    },
    async tidy(before) {
      const { numDeletedRows } = await db.deleteFrom("people").where("readAt", "<", before).executeTakeFirst();
      return Number(numDeletedRows);
    },
  };
}

const personOf = compiledQuery((db, { personId, notBefore }: { personId: string; notBefore: number }) =>
  db.selectFrom("people").select("person").where("personId", "=", personId).where("readAt", ">=", notBefore),
);

const readPerson = (json: string): Person => JSON.parse(json);
