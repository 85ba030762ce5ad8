import type { Compilable, CompiledQuery, DialectAdapter, Kysely } from "kysely";
import type { Tables } from "./schema.ts";

type Db = Kysely<Tables>;

/** The values for one call of a query, by name. A list is passed as JSON, for `json_each` or the like. */
type Parameters<P> = { readonly [Name in keyof P]: string | number | null };

interface Options {
  /**
   * True where losing the commit does no harm, such as that of a lease: SQLite does not wait for the disk then. Only a power cut
   * loses it, never the end of the process. Not within a transaction.
   */
  readonly mayBeLost?: boolean;
}

/** Builds a query. Its parameters have no value yet: they can be compared and written, but not calculated with. */
type Build<P extends Parameters<P>, Row> = (db: Db, parameters: P) => Compilable<Row>;

/**
 * A query that is built and compiled once for each database, at its first use: Kysely takes several times as long to compile a
 * small query as SQLite takes to run it. For a query that runs often and whose text is always the same.
 * @returns runs it, in a transaction as well, and returns its rows
 */
export function compiledQuery<P extends Parameters<P>, Row>(build: Build<P, Row>, options: Options = {}) {
  const execute = compileOnce(build, options);
  return async (db: Db, parameters: P): Promise<readonly Row[]> => (await execute(db, parameters)).rows;
}

/** The same for a statement without `returning`. @returns runs it, and returns how many rows it changed */
export function compiledCommand<P extends Parameters<P>>(build: Build<P, unknown>, options: Options = {}) {
  const execute = compileOnce(build, options);
  return async (db: Db, parameters: P): Promise<number> => Number((await execute(db, parameters)).numAffectedRows ?? 0);
}

function compileOnce<P extends Parameters<P>, Row>(build: Build<P, Row>, options: Options) {
  /** A transaction has the adapter of its database. */
  const known = new WeakMap<DialectAdapter, CompiledQuery<Row>>();
  return (db: Db, parameters: P) => {
    const { adapter } = db.getExecutor();
    let query = known.get(adapter);
    if (query === undefined) {
      query = build(db, placeholders<P>()).compile();
      known.set(adapter, query);
    }
    const values = query.parameters.map((value) =>
      value instanceof Placeholder ? parameters[value.name as keyof P] : value,
    );
    return db.executeQuery<Row>({ ...query, ...options, parameters: values });
  };
}

/** See `Options`. */
export const mayBeLost = (query: CompiledQuery & Options): boolean => query.mayBeLost === true;

/** Stands for a parameter while the query is built. */
class Placeholder {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  [Symbol.toPrimitive](): never {
    throw new TypeError(`The parameter ${this.name} has no value when the query is built: pass the result instead.`);
  }
}

const placeholders = <P extends Parameters<P>>(): P =>
  new Proxy({} as P, { get: (_, name) => new Placeholder(String(name)) });
