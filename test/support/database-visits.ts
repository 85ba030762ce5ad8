import { openStore } from "../../src/app/open-store.ts";
import type { CustomerRecord } from "../../src/domain/customers/record.ts";
import { WHOLE_TOKEN } from "../../src/domain/customers/sweep.ts";
import { openDatabase } from "../../src/store/database.ts";
import type { DatabaseLocation } from "./databases.ts";

/** The leases of a process that died run out now, and not half a minute later, or two; those of `living` ones stand. */
async function expireLeases(home: DatabaseLocation, living: readonly string[] = []): Promise<void> {
  const { db, close } = await openDatabase(home);
  const others = ["", ...living];
  await db.updateTable("leases").set({ expiresAt: 0 }).where("holder", "not in", others).execute();
  await db.updateTable("recipientQueues").set({ leasedUntil: 0 }).where("holder", "not in", others).execute();
  await db.updateTable("inbox").set({ leasedUntil: 0 }).where("holder", "not in", others).execute();
  await close();
}

/** The events in the database, row by row, in the order in which they were written. */
async function readDatabaseRows(home: DatabaseLocation) {
  const { db, close } = await openDatabase(home);
  const steps = await db.selectFrom("transitions").selectAll().orderBy("id").execute();
  const sweeps = await db.selectFrom("sweeps").selectAll().orderBy("id").execute();
  await close();
  return { steps, sweeps };
}

/** The rows of alerts and of the notices about them. */
async function readAlertRows(home: DatabaseLocation) {
  const { db, close } = await openDatabase(home);
  const alerts = await db.selectFrom("alerts").selectAll().orderBy("id").execute();
  const notifiedStates = await db.selectFrom("notifiedStates").selectAll().execute();
  const outbox = await db.selectFrom("outbox").selectAll().orderBy("id").execute();
  const steps = await db.selectFrom("transitions").selectAll().orderBy("id").execute();
  const sweeps = await db.selectFrom("sweeps").selectAll().orderBy("id").execute();
  await close();
  return { alerts, notifiedStates, outbox, steps, sweeps };
}

/** Reads all customers, and their counts. */
async function readSnapshot(home: DatabaseLocation) {
  const { snapshot, close } = await openStore(home);
  const records: CustomerRecord[] = [];
  const now = Date.now();
  for await (const record of snapshot.stream(WHOLE_TOKEN, { filter: [], now })) records.push(record);
  const summary = await snapshot.summary(WHOLE_TOKEN, [], now);
  await close();
  return { records, summary };
}

/** How many questions wait for their answers, and how many messages for their delivery or for ever. */
async function countWaiting(home: DatabaseLocation) {
  const { inbox, outbox, close } = await openStore(home);
  const [questions, { waiting, dead }] = await Promise.all([inbox.waiting(), outbox.state()]);
  await close();
  return { questions, messages: waiting, dead };
}

/** The questions that the bot gave up. */
async function readGivenUp(home: DatabaseLocation) {
  const { db, close } = await openDatabase(home);
  const rows = await db
    .selectFrom("inbox")
    .select(["idempotencyKey", "roomId", "receivedAt", "cause"])
    .where("givenUpAt", "is not", null)
    .execute();
  await close();
  return rows;
}

/** The events of the inbox that the rows of the audit about a command are about. */
async function readAuditedEvents(home: DatabaseLocation, command: string) {
  const { db, close } = await openDatabase(home);
  const rows = await db.selectFrom("audit").select("eventId").where("command", "=", command).execute();
  await close();
  return rows.map(({ eventId }) => eventId);
}

/** The visits, by name: `visit` runs one in a process of its own. */
export const VISITS = {
  expireLeases,
  readDatabaseRows,
  readAlertRows,
  readSnapshot,
  countWaiting,
  readGivenUp,
  readAuditedEvents,
};
