import { type SqlBool, sql } from "kysely";
import { foldAddress } from "../domain/address.ts";
import type { Acknowledgement, Alert } from "../domain/alerts/alert.ts";
import type { Mute } from "../domain/alerts/mute.ts";
import type { AuditedPerson } from "../domain/audit.ts";
import type { AlertChange, Traces } from "../domain/ports/alerting.ts";
import type { PostedCard } from "../domain/ports/messaging.ts";
import type { Person } from "../domain/ports/store.ts";
import { lockScope } from "../store/leases.ts";
import { parseAlert, writeAcks } from "./alert-rows.ts";
import { lockQueue } from "./queue.ts";
import { recipientKey } from "./recipients.ts";
import { parseWatch } from "./room-state.ts";
import type { Db, TransactionContext } from "./transaction.ts";

/** A person as the tables have it. */
interface Trail {
  /** None for an address that never asked. */
  readonly ids: readonly string[];
  /** In lower case; empty when it is not known. */
  readonly email: string;
  /** The keys of the person as a recipient, in the order in which queues are locked. */
  readonly recipients: readonly string[];
}

/** Somebody may be known only by what Webex said when an alert was escalated. */
async function trailOf(db: Db, { personId, email }: AuditedPerson): Promise<Trail> {
  const mentions =
    email === "" ? sql<SqlBool>`1 = 0` : sql<SqlBool>`lower(person) like ${containing(email)} escape '\\'`;
  const known = await db
    .selectFrom("people")
    .select("person")
    .where((is) => is.or([is("personId", "=", personId), mentions]))
    .execute();
  const people = known
    .map(({ person }): Person => JSON.parse(person))
    .filter((one) => one.personId === personId || foldAddress(one.email) === email);
  const ids = [...new Set([personId, ...people.map((one) => one.personId)])].filter((id) => id !== "");
  const address = email || foldAddress(people[0]?.email ?? "");
  const recipients = [
    ...ids.map((id) => recipientKey({ personId: id })),
    ...(address === "" ? [] : [recipientKey({ email: address })]),
  ];
  return { ids, email: address, recipients: recipients.sort() };
}

const containing = (text: string): string => `%${text.replace(/[\\%_]/g, "\\$&")}%`;

export async function readTraces(db: Db, person: AuditedPerson): Promise<Traces> {
  const trail = await trailOf(db, person);
  const { ids, recipients } = trail;
  const named = await db.selectFrom("auditPeople").select("key").where("personId", "in", some(ids)).execute();
  const keys = named.map(({ key }) => key);
  const count = ({ length }: readonly unknown[]) => length;
  const auditRows = await db
    .selectFrom("audit")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .where("personKey", "in", keys.length === 0 ? [-1] : keys)
    .executeTakeFirstOrThrow();
  return {
    hasName: keys.length > 0 || (await isStored(db, ids)),
    auditRows: auditRows.count,
    follows: count(await db.selectFrom("follows").select("personId").where("personId", "in", some(ids)).execute()),
    messages: count(await db.selectFrom("outbox").select("id").where("recipient", "in", some(recipients)).execute()),
    watches: count(await db.selectFrom("watches").select("number").where("ownerId", "in", some(ids)).execute()),
    escalations: count(await readEscalations(db, trail)),
    acks: count(await readAckedBy(db, ids)),
    mutes: count(await readMutesBy(db, ids)),
  };
}

/** A list for `in`, which may not be empty. No row has the empty text there. */
const some = (list: readonly string[]): readonly string[] => (list.length === 0 ? [""] : list);

async function isStored(db: Db, ids: readonly string[]): Promise<boolean> {
  const one = await db.selectFrom("people").select("personId").where("personId", "in", some(ids)).executeTakeFirst();
  return one !== undefined;
}

type Forget = Extract<AlertChange, { readonly kind: "forget" }>;

/** Removes the person everywhere but in the member lists of spaces, which say who is there now, and must not be shorter than that. */
export async function forgetPerson(ctx: TransactionContext, { person, heirId }: Forget): Promise<void> {
  const { tx } = ctx;
  const trail = await trailOf(tx, person);
  const { ids } = trail;
  await forgetAcks(ctx, ids);
  await forgetMessages(ctx, trail);
  await forgetWatches(ctx, trail, heirId);
  await forgetMutes(ctx, ids);
  for (const table of ["people", "auditPeople", "follows"] as const)
    await tx.deleteFrom(table).where("personId", "in", some(ids)).execute();
  await tx.deleteFrom("denials").where("senderId", "in", some(ids)).execute();
  for (const table of ["allowedRooms", "roomScopes"] as const)
    await tx.updateTable(table).set({ byPersonId: "" }).where("byPersonId", "in", some(ids)).execute();
  await tx
    .updateTable("inbox")
    .set({ senderId: "" })
    .where("senderId", "in", some(ids))
    .where("processedAt", "is not", null)
    .execute();
  await forgetCards(ctx, ids);
}

const FORGOTTEN = { personId: "", name: "somebody who left" } as const;

/** The alerts that a person has acknowledged, now or before. */
async function readAckedBy(db: Db, ids: readonly string[]): Promise<readonly Alert[]> {
  const rows = await db
    .selectFrom("alerts")
    .select("alert")
    .where((is) => is.or(ids.map((id) => sql<SqlBool>`alert like ${containing(`"personId":"${id}"`)} escape '\\'`)))
    .execute();
  return rows
    .map(({ alert }) => parseAlert(alert))
    .filter(({ ack, pastAcks = [] }) =>
      [ack, ...pastAcks].some((one) => one !== undefined && ids.includes(one.personId)),
    );
}

/** They stay, so that nobody is reminded of them at once; anybody may take them back. */
async function forgetAcks(ctx: TransactionContext, ids: readonly string[]): Promise<void> {
  const scopes = new Set((await readAckedBy(ctx.tx, ids)).map(({ key }) => key.scope));
  for (const scope of [...scopes].sort()) await lockScope(ctx, scope);
  const unnamed = <A extends Acknowledgement>(ack: A): A =>
    ids.includes(ack.personId) ? { ...ack, ...FORGOTTEN } : ack;
  const alerts = await readAckedBy(ctx.tx, ids);
  await writeAcks(
    ctx.tx,
    alerts.map((alert) => ({
      ...alert,
      ...(alert.ack !== undefined && { ack: unnamed(alert.ack) }),
      ...(alert.pastAcks !== undefined && { pastAcks: alert.pastAcks.map(unnamed) }),
    })),
  );
}

/** One that is being sent stays, and is deleted with others of its age. */
async function forgetMessages(ctx: TransactionContext, { recipients }: Trail): Promise<void> {
  const { tx } = ctx;
  for (const recipient of recipients) {
    await lockQueue(ctx, recipient);
    await tx.deleteFrom("outbox").where("recipient", "=", recipient).where("state", "!=", "claimed").execute();
    const left = await tx.selectFrom("outbox").select("id").where("recipient", "=", recipient).executeTakeFirst();
    if (left === undefined) await tx.deleteFrom("recipientQueues").where("recipient", "=", recipient).execute();
  }
}

async function readEscalations(db: Db, { email }: Trail) {
  const rows = await db.selectFrom("watches").selectAll().where("escalates", "=", 1).execute();
  return rows.map(parseWatch).filter(({ options }) => email !== "" && foldAddress(options.escalate ?? "") === email);
}

/** Somebody must be told if the space of a watch cannot be reached (ALERTS 29). */
async function forgetWatches({ tx }: TransactionContext, trail: Trail, heirId: string): Promise<void> {
  await tx.updateTable("watches").set({ ownerId: heirId }).where("ownerId", "in", some(trail.ids)).execute();
  for (const { roomId, number, options } of await readEscalations(tx, trail)) {
    const { escalate: _, ...others } = options;
    await tx
      .updateTable("watches")
      .set({ options: JSON.stringify(others), escalates: 0 })
      .where("roomId", "=", roomId)
      .where("number", "=", number)
      .execute();
  }
}

async function readMutesBy(db: Db, ids: readonly string[]): Promise<readonly Mute[]> {
  const rows = await db.selectFrom("mutes").select("mute").execute();
  return rows.map(({ mute }): Mute => JSON.parse(mute)).filter(({ personId }) => ids.includes(personId));
}

async function forgetMutes({ tx }: TransactionContext, ids: readonly string[]): Promise<void> {
  for (const mute of await readMutesBy(tx, ids)) {
    const unnamed: Mute = { ...mute, personId: FORGOTTEN.personId, by: FORGOTTEN.name };
    await tx
      .updateTable("mutes")
      .set({ mute: JSON.stringify(unnamed) })
      .where("roomId", "=", mute.roomId)
      .where("number", "=", mute.number)
      .execute();
  }
}

/** A card that somebody asked for stays one, as nobody's. */
const NOBODY = "forgotten";

async function forgetCards({ tx }: TransactionContext, ids: readonly string[]): Promise<void> {
  const rows = await tx
    .selectFrom("cards")
    .select(["messageId", "card"])
    .where((is) => is.or(ids.map((id) => sql<SqlBool>`card like ${containing(`"${id}"`)} escape '\\'`)))
    .execute();
  for (const { messageId, card: json } of rows) {
    const { lastPress, ...card }: PostedCard = JSON.parse(json);
    const senderId = ids.includes(card.senderId) ? NOBODY : card.senderId;
    const isKept = lastPress !== undefined && !ids.includes(lastPress.senderId);
    const unnamed: PostedCard = { ...card, senderId, ...(isKept && { lastPress }) };
    await tx
      .updateTable("cards")
      .set({ senderId, card: JSON.stringify(unnamed) })
      .where("messageId", "=", messageId)
      .execute();
  }
}
