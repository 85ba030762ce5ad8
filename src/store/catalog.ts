import type { DatabaseIntrospector, Kysely } from "kysely";

/** The part of PostgreSQL's own description that says which tables there are. */
interface Catalog {
  readonly "information_schema.tables": { readonly table_schema: string; readonly table_name: string };
}

/**
 * Shows Kysely's migrator one schema. Its own introspector reads every column of every schema, and fails at the start of the
 * bot when another application drops a table in that moment.
 */
export const createCatalog = (db: Kysely<Catalog>, schema: string): DatabaseIntrospector => {
  const getTables = async () => {
    const tables = await db
      .selectFrom("information_schema.tables")
      .select("table_name as name")
      .where("table_schema", "=", schema)
      .execute();
    return tables.map(({ name }) => ({ name, schema, isView: false, columns: [] }));
  };
  return {
    getSchemas: async () => [{ name: schema }],
    getTables,
    getMetadata: async () => ({ tables: await getTables() }),
  };
};
