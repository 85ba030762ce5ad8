import type { Kysely, Selectable, Transaction, Updateable } from "kysely";
import type { Flush } from "../domain/alerting.ts";
import { dueAt, type Line, type Storm, type Timings, type Waiting } from "../domain/notices/group.ts";
import {
  isUrgent,
  type Notice,
  type NoticeKind,
  type Says,
  type Setback,
  type Target,
} from "../domain/notices/outbox.ts";
import { chunksOf, IDS, ROWS } from "../store/chunks.ts";
import type { Tables } from "../store/schema.ts";
import type { Step } from "./transaction.ts";

type Db = Kysely<Tables>;
type Row = Selectable<Tables["outbox"]>;

/** What waits for a target, in the order in which it was owed. */
export async function readWaiting(db: Db, target: string): Promise<readonly Notice[]> {
  const rows = await db
    .selectFrom("outbox")
    .selectAll()
    .where("target", "=", target)
    .where("state", "=", "pending")
    .orderBy("id")
    .execute();
  return rows.map(readNotice);
}

export function readNotice(row: Row): Notice {
  const { id, kind, alertId, generation, owedAt } = row;
  return {
    id,
    target: readTarget(row.target),
    kind,
    alertId,
    generation,
    owedAt,
    maybeSent: row.maybeSent === 1,
    says: JSON.parse(row.says),
  };
}

/** Changes these rows, as far as they are still in one of the states `from`. */
export async function writeNotices(
  { tx }: Step,
  { ids, from }: { readonly ids: readonly number[]; readonly from: readonly Row["state"][] },
  change: Updateable<Tables["outbox"]>,
): Promise<void> {
  for (const chunk of chunksOf(ids, IDS)) {
    await tx.updateTable("outbox").set(change).where("id", "in", chunk).where("state", "in", from).execute();
  }
}

/** Whether something of this kind waits for a target, or is under way to it. */
export async function isWaiting(db: Db, target: string, kind: NoticeKind): Promise<boolean> {
  const row = await db
    .selectFrom("outbox")
    .select("id")
    .where("target", "=", target)
    .where("state", "in", ["pending", "claimed"])
    .where("kind", "=", kind)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

export interface Owed {
  readonly target: Target;
  readonly kind: NoticeKind;
  /** 0, and absent, where it is about no single alert. */
  readonly alertId?: number;
  /** Tells it from others of its kind to this target. */
  readonly generation: number;
  readonly says?: Says;
}

/** Writes down what is owed; false when it was before (ALERTS 26). */
export async function writeOwed(step: Step, owed: Owed): Promise<boolean> {
  return (await writeAllOwed(step, [owed])) > 0;
}

/** The same for many; how many are new. */
export async function writeAllOwed({ tx, now }: Step, owed: readonly Owed[]): Promise<number> {
  let count = 0;
  const rows = owed.map(({ target, kind, alertId = 0, generation, says = {} }) => ({
    target: targetText(target),
    kind,
    alertId,
    generation,
    state: "pending" as const,
    urgent: isUrgent(kind) ? 1 : 0,
    regression: 0,
    owedAt: now,
    maybeSent: 0,
    says: JSON.stringify(says),
  }));
  for (const chunk of chunksOf(rows, ROWS)) {
    const { numInsertedOrUpdatedRows = 0n } = await tx
      .insertInto("outbox")
      .values(chunk)
      .onConflict((conflict) => conflict.columns(["target", "alertId", "generation", "kind"]).doNothing())
      .executeTakeFirstOrThrow();
    count += Number(numInsertedOrUpdatedRows);
  }
  return count;
}

/**
 * The notice as one of another kind. What cancelled out as that before is taken up again, in its row; undefined when the
 * target was told so, or is to be told so, by another row.
 */
export async function retell(
  { tx }: Step,
  notice: Notice,
  { kind, generation }: Pick<Notice, "kind" | "generation">,
): Promise<Notice | undefined> {
  if (kind === notice.kind) return notice;
  const { id, alertId, owedAt, maybeSent, says } = notice;
  const target = targetText(notice.target);
  const other = await tx
    .selectFrom("outbox")
    .select(["id", "state"])
    .where("target", "=", target)
    .where("alertId", "=", alertId)
    .where("generation", "=", generation)
    .where("kind", "=", kind)
    .executeTakeFirst();
  if (other !== undefined && other.state !== "transient") return undefined;
  const row = { state: "pending", owedAt, maybeSent: maybeSent ? 1 : 0, says: JSON.stringify(says) } as const;
  await tx
    .updateTable("outbox")
    .set(other === undefined ? { kind, generation } : row)
    .where("id", "=", other?.id ?? id)
    .execute();
  return { ...notice, id: other?.id ?? id, kind, generation };
}

const PERSON = "person:";
const EMAIL = "email:";

/** What targets that are people begin with. */
export const PEOPLE = [PERSON, EMAIL] as const;

/** A target as one text, as the tables have it. No two share one: Webex's ids have no colon in them. */
export function targetText(target: Target): string {
  if ("roomId" in target) return target.roomId;
  return "personId" in target ? PERSON + target.personId : EMAIL + target.email;
}

export function readTarget(text: string): Target {
  if (text.startsWith(PERSON)) return { personId: text.slice(PERSON.length) };
  return text.startsWith(EMAIL) ? { email: text.slice(EMAIL.length) } : { roomId: text };
}

/** The space that a target is; undefined for a person. */
export function roomOf(text: string): string | undefined {
  const target = readTarget(text);
  return "roomId" in target ? target.roomId : undefined;
}

type LineRow = Selectable<Tables["lines"]>;
export type LineChange = Partial<LineRow>;

/**
 * A target's line, begun if it has none, and nobody else's until the transaction ends: whatever of one target depends on
 * what is there already comes one after the other.
 */
export async function lockLine({ tx, alone }: Step, target: string): Promise<LineRow> {
  await tx
    .insertInto("lines")
    .values({ target, first: 0, attempts: 0 })
    .onConflict((conflict) => conflict.column("target").doNothing())
    .execute();
  return tx
    .selectFrom("lines")
    .selectAll()
    .where("target", "=", target)
    .$if(!alone, (query) => query.forUpdate())
    .executeTakeFirstOrThrow();
}

export async function writeLine({ tx }: Step, target: string, change: LineChange): Promise<void> {
  await tx.updateTable("lines").set(change).where("target", "=", target).execute();
}

export async function findLine(db: Kysely<Tables>, target: string): Promise<LineRow | undefined> {
  return db.selectFrom("lines").selectAll().where("target", "=", target).executeTakeFirst();
}

export function readLine({
  flushedAt,
  retryAt,
  storm,
}: Pick<LineRow, "flushedAt" | "retryAt" | "storm">): Line {
  return {
    ...(flushedAt !== null && { flushedAt }),
    ...(retryAt !== null && { retryAt }),
    ...(storm !== null && { storm: readStorm(storm) }),
  };
}

export const readStorm = (json: string): Storm => JSON.parse(json);

/** Nobody has taken up a message of the line. */
export const UNHELD = { holder: null, leasedUntil: null } as const;

/** Nor has one failed. */
export const AT_REST = { ...UNHELD, attempts: 0, triedSince: null, retryAt: null } as const;

/** When the next message to a target is due, from what waits for it now (ALERTS 20, 27). Its line is locked already. */
export async function schedule(tx: Transaction<Tables>, target: string, timings: Timings): Promise<void> {
  const line = await findLine(tx, target);
  const lanes = await tx
    .selectFrom("outbox")
    .select(({ fn, eb }) => [
      "urgent",
      fn.min("owedAt").as("owedAt"),
      fn.max("maybeSent").as("maybeSent"),
      fn.max("regression").as("regression"),
      fn.max(eb.case().when("kind", "=", "blind").then(1).else(0).end()).as("blind"),
    ])
    .where("target", "=", target)
    .where("state", "=", "pending")
    .groupBy("urgent")
    .execute();
  const urgent = lanes.find((lane) => lane.urgent === 1);
  const group = lanes.find((lane) => lane.urgent === 0);
  const waiting: Waiting = {
    ...(urgent && { urgentAt: urgent.owedAt }),
    ...(group && { groupAt: group.owedAt }),
    unsure: lanes.some(({ maybeSent }) => maybeSent === 1),
    regression: group?.regression === 1,
    quiet: group?.regression === 1 && (await isQuiet(tx, target)),
  };
  const due = dueAt(line === undefined ? {} : readLine(line), waiting, timings) ?? null;
  const first = urgent?.blind === 1 ? 1 : 0;
  // Most of what is settled changes nothing of this.
  if (line?.dueAt === due && line.first === first) return;
  await tx.updateTable("lines").set({ dueAt: due, first }).where("target", "=", target).execute();
}

/** Whether nothing that this space was told of is open. */
async function isQuiet(tx: Transaction<Tables>, roomId: string): Promise<boolean> {
  const open = await tx
    .selectFrom("announced")
    .select("alertId")
    .where("roomId", "=", roomId)
    .where("state", "=", "open")
    .limit(1)
    .executeTakeFirst();
  return open === undefined;
}

/** Says anew when the next message to a target is due. */
export const reschedule = ({ tx, timings }: Step, target: string): Promise<void> =>
  schedule(tx, target, timings);

/** Owes this once, and sees to it that it goes out; false when it was owed before. */
export async function owe(step: Step, owed: Owed): Promise<boolean> {
  await lockLine(step, targetText(owed.target));
  const isNew = await writeOwed(step, owed);
  if (isNew) await reschedule(step, targetText(owed.target));
  return isNew;
}

/** Owes it whatever was owed before: several spaces may be lost, or scopes unseen, in one millisecond. */
export async function oweAnew(step: Step, owed: Omit<Owed, "generation">): Promise<void> {
  let generation = step.now;
  while (!(await owe(step, { ...owed, generation }))) generation += 1;
}

/** Tells the ops room, if there is one. */
export async function report(step: Step, says: Says): Promise<void> {
  if (step.opsRoomId === undefined) return;
  await oweAnew(step, { target: { roomId: step.opsRoomId }, kind: "report", says });
}

const REASONS: Readonly<Record<Setback["kind"], string>> = {
  busy: "Webex was too busy for it.",
  passing: "Webex did not take it for 24 hours.",
  refused: "Webex refused it, as a card and as plain text.",
  unauthorized: "Webex refused the bot's token.",
  gone: "Webex says that there is no such space or person, or that the bot is not in it.",
};

/** A message that was given up. About one to the ops room itself, the ops room is not told: that would be given up as well. */
export async function reportDead(step: Step, flush: Flush, why: Setback["kind"]): Promise<void> {
  const { target, notices } = flush;
  const roomId = "roomId" in target ? target.roomId : undefined;
  if (roomId !== undefined && roomId === step.opsRoomId) return;
  const kinds = [...new Set(notices.map(({ kind }) => kind))].join(", ");
  const numbers = notices.flatMap(({ alertId }) => (alertId === 0 ? [] : [`#${alertId}`]));
  await report(step, {
    lines: [
      "A message was given up",
      roomId === undefined ? "It was for a person." : `It was for the space ${roomId}.`,
      `It told of: ${[kinds, ...numbers.slice(0, 10)].join(" ")}${numbers.length > 10 ? " and more" : ""}.`,
      REASONS[why],
    ],
    ...(roomId !== undefined && { roomId }),
  });
}
