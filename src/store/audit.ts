import { type ExpressionBuilder, type Kysely, type Selectable, type SqlBool, sql } from "kysely";
import { foldAddress } from "../domain/address.ts";
import type { AuditEntry, AuditedPerson, AuditRow, AuditTerm, Who } from "../domain/audit.ts";
import { foldCase } from "../domain/customers/compare-text.ts";
import type { Value } from "../domain/customers/filter-fields.ts";
import type { Audit, AuditQuery } from "../domain/ports/audit.ts";
import { compiledCommand, compiledQuery } from "./compiled.ts";
import type { Tables } from "./schema.ts";
import { likePattern } from "./search.ts";

type Db = Kysely<Tables>;

export interface StoredAudit extends Audit {
  /** Deletes rows from before `before`, and the people whom no row names any more; returns their number. */
  tidy(before: number): Promise<number>;
}

export const createAudit = (db: Db): StoredAudit => ({
  add: (entry, now) => db.transaction().execute((tx) => writeAudit(tx, entry, now)),
  async find({ offset, max, ...query }) {
    const { total } = await matching(db, query)
      .select(({ fn }) => fn.countAll<number>().as("total"))
      .executeTakeFirstOrThrow();
    const rows = await newestFirst(db, query).offset(offset).limit(max).execute();
    return { rows: rows.map(parseRow), total };
  },
  peopleNamed: (text, max) => readPeopleNamed(db, text, max),
  stream: (query) => streamRows(db, query),
  tidy: (before) => deleteOld(db, before),
});

/** Adds the row in the transaction of the work that it is about. The second handling of an event adds no second one. */
export async function writeAudit(tx: Db, { person, isPress, eventId, ...entry }: AuditEntry, now: number) {
  await addRow(tx, {
    ...entry,
    space: storable(entry.space),
    text: storable(entry.text),
    at: now,
    isPress: isPress ? 1 : 0,
    eventId: eventId ?? null,
    personKey: person === undefined ? null : await keyOf(tx, person),
  });
}

type NewRow = Omit<Selectable<Tables["audit"]>, "id">;

const addRow = compiledCommand(
  (db, { role, roomId, space, scope, command, text, outcome, because, at, isPress, eventId, personKey }: NewRow) =>
    db
      .insertInto("audit")
      .values({ role, roomId, space, scope, command, text, outcome, because, at, isPress, eventId, personKey })
      .onConflict((conflict) => conflict.columns(["eventId", "outcome"]).doNothing()),
);

/** PostgreSQL takes no NUL, and neither database takes half of a character. */
const storable = (text: string): string => text.replace(/[\p{Cc}\p{Cs}]/gu, "\ufffd");

async function keyOf(tx: Db, person: AuditedPerson): Promise<number> {
  const { personId } = person;
  const [known] = await knownPerson(tx, { personId });
  const name = storable(person.name);
  const email = storable(foldAddress(person.email));
  const isNews = name !== "" && (known?.name !== name || known.email !== email);
  if (known !== undefined && !isNews) return known.key;
  const content = { name, email, searchText: `\n${[name, email, personId].map(foldCase).join("\n")}\n` };
  const { key } = await tx
    .insertInto("auditPeople")
    .values({ personId, ...content })
    .onConflict((conflict) => conflict.column("personId").doUpdateSet(content))
    .returning("key")
    .executeTakeFirstOrThrow();
  return key;
}

const knownPerson = compiledQuery((db, { personId }: { personId: string }) =>
  db.selectFrom("auditPeople").select(["key", "name", "email"]).where("personId", "=", personId),
);

const matching = (db: Db, { terms, since, upTo, scope }: AuditQuery) =>
  db
    .selectFrom("audit")
    .$if(since !== undefined, (query) => query.where("audit.at", ">=", since ?? 0))
    .$if(upTo !== undefined, (query) => query.where("audit.id", "<=", upTo ?? 0))
    .$if(scope !== undefined, (query) => query.where("audit.scope", "=", scope ?? ""))
    .where((is) => is.and(terms.map((term) => (term.negated ? is.not(termMatches(is, term)) : termMatches(is, term)))));

/** An address or an id is that of one person, so a name is looked for only if the text is neither. */
async function readPeopleNamed(db: Db, text: string, max: number): Promise<readonly AuditedPerson[]> {
  const people = db.selectFrom("auditPeople").select(["personId", "name", "email"]).orderBy("name").limit(max);
  const email = foldAddress(text);
  const exact = await people.where((is) => is.or([is("personId", "=", text), is("email", "=", email)])).execute();
  if (exact.length > 0) return exact;
  const pattern = likePattern({ text, prefix: false });
  return people.where(sql<SqlBool>`${sql.ref("searchText")} like ${pattern} escape '\\'`).execute();
}

type Rows = ExpressionBuilder<Tables, "audit">;

function termMatches(is: Rows, { field, values }: AuditTerm) {
  if (field !== "who") return is.or(values.map((value) => isLike(is, `audit.${field}`, value)));
  return is.exists(
    is
      .selectFrom("auditPeople as asked")
      .select("asked.key")
      .whereRef("asked.key", "=", "audit.personKey")
      .where((person) =>
        person.or(
          values.map((value) => sql<SqlBool>`${person.ref("asked.searchText")} like ${likePattern(value)} escape '\\'`),
        ),
      ),
  );
}

function isLike(is: Rows, column: "audit.command" | "audit.outcome", { text, prefix }: Value) {
  const pattern = `${foldCase(text).replace(/[\\%_]/g, "\\$&")}${prefix ? "%" : ""}`;
  return sql<SqlBool>`${is.ref(column)} like ${pattern} escape '\\'`;
}

const newestFirst = (db: Db, query: AuditQuery) =>
  matching(db, query)
    .leftJoin("auditPeople", "auditPeople.key", "audit.personKey")
    .select(["audit.id", "audit.at", "audit.personKey", "auditPeople.personId", "auditPeople.name"])
    .select(["audit.role", "audit.roomId", "audit.space", "audit.scope", "audit.command", "audit.text"])
    .select(["audit.isPress", "audit.outcome", "audit.because"])
    .orderBy("audit.id", "desc");

type ReadRow = Awaited<ReturnType<ReturnType<typeof newestFirst>["execute"]>>[number];

function parseRow({ personKey, personId, name, isPress, ...row }: ReadRow): AuditRow {
  return { ...row, isPress: isPress === 1, who: whoOf(personKey, personId, name) };
}

function whoOf(personKey: number | null, personId: string | null, name: string | null): Who {
  if (personKey === null) return { is: "the bot" };
  return personId === null ? { is: "forgotten" } : { is: "person", personId, name: name ?? "" };
}

const STREAM_PAGE_SIZE = 1_000;

/** Each page begins after the last row of the page before, so that no transaction stays open. */
async function* streamRows(db: Db, query: AuditQuery): AsyncIterable<AuditRow> {
  let { upTo } = query;
  for (;;) {
    const rows = await newestFirst(db, { ...query, upTo })
      .limit(STREAM_PAGE_SIZE)
      .execute();
    yield* rows.map(parseRow);
    const last = rows.at(-1);
    if (last === undefined || rows.length < STREAM_PAGE_SIZE) return;
    upTo = last.id - 1;
  }
}

async function deleteOld(db: Db, before: number): Promise<number> {
  const rows = await db.deleteFrom("audit").where("at", "<", before).returning("personKey").execute();
  const keys = [...new Set(rows.flatMap(({ personKey }) => personKey ?? []))];
  let people = 0;
  for (const key of keys) people += (await isNamed(db, key)) ? 0 : await deletePerson(db, key);
  return rows.length + people;
}

/** Stops at the first row, which is near for whoever still asks. */
async function isNamed(db: Db, key: number): Promise<boolean> {
  const row = await db.selectFrom("audit").select("id").where("personKey", "=", key).limit(1).executeTakeFirst();
  return row !== undefined;
}

async function deletePerson(db: Db, key: number): Promise<number> {
  const { numDeletedRows } = await db.deleteFrom("auditPeople").where("key", "=", key).executeTakeFirst();
  return Number(numDeletedRows);
}
