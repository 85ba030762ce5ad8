import type { Kysely, Migration } from "kysely";
import type { SchemaDialect } from "./dialect.ts";
import type { Tables } from "./schema.ts";

/** The audit, and apart from it the people whom its rows name, so that one can be forgotten without a change of any row. */
export const auditSchema = ({ textType, addAutoIncrement }: SchemaDialect): Migration => ({
  async up(db: Kysely<Tables>) {
    let people = addAutoIncrement(db.schema.createTable("auditPeople"), "key");
    for (const name of ["personId", "name", "email", "searchText"])
      people = people.addColumn(name, textType, (column) => column.notNull());
    await people.execute();
    let rows = addAutoIncrement(db.schema.createTable("audit"), "id");
    for (const name of ["role", "roomId", "space", "scope", "command", "text", "outcome", "because"])
      rows = rows.addColumn(name, textType, (column) => column.notNull());
    for (const name of ["at", "isPress"]) rows = rows.addColumn(name, "bigint", (column) => column.notNull());
    for (const name of ["eventId", "personKey"]) rows = rows.addColumn(name, "bigint");
    await rows.execute();
    const index = (name: string) => db.schema.createIndex(name);
    await index("audit_people_by_id").on("auditPeople").column("personId").unique().execute();
    await index("audit_once").on("audit").columns(["eventId", "outcome"]).unique().execute();
    await index("audit_by_person").on("audit").column("personKey").execute();
    await index("audit_by_age").on("audit").column("at").execute();
  },
});
