import type { Alert } from "../../domain/alerts/alert.ts";
import { isMeant } from "../../domain/alerts/mute.ts";
import { narrowed } from "../../domain/alerts/sighting.ts";
import { type Customer, classOf, titleOf } from "../../domain/customers/customer.ts";
import { statusesOf, WHOLE } from "../../domain/customers/record.ts";
import type { Scope } from "../../domain/customers/sweep.ts";
import type { Watch } from "../../domain/notices/watch.ts";
import { nextGeneration } from "../notices/covers.ts";
import { lockLine } from "../notices/lines.ts";
import { readRoom } from "../notices/reading.ts";
import { schedule } from "../notices/schedule.ts";
import type { Step } from "../notices/step.ts";
import { watchingRooms } from "../notices/watching.ts";
import { findSight } from "./sights.ts";

/** Something that was there and is not any more: a customer as it was, and which of its items; `*` for itself. */
export interface Removed {
  readonly customer: Customer;
  readonly item: string;
}

/** Lines of one message; a mass removal is counted. */
const MOST_LINES = 20;

/** Tells the watches that ask for it what was removed (ALERTS 17), but for what was in error: its alert says so. */
export async function tellRemoved(step: Step, scope: Scope, removed: readonly Removed[]): Promise<void> {
  const quiet = removed.filter(
    ({ customer, item }) => classOf(statusesOf(customer).get(item) ?? "") !== "bad",
  );
  if (quiet.length === 0 || (await findSight(step.tx, scope)).baselineAt === null) return;
  for (const roomId of await watchingRooms(step.tx, scope)) {
    const watches = (await readRoom(step.tx, roomId)).watches.filter(({ options }) => options.removed);
    const lines = quiet.filter((one) => watches.some((watch) => isAbout(watch, one, step.now))).map(lineOf);
    if (lines.length > 0) await tell(step, roomId, lines);
  }
}

function isAbout({ filter }: Watch, { customer, item }: Removed, now: number): boolean {
  const subject: Pick<Alert, "subject" | "openedAt"> = { subject: narrowed(customer, item), openedAt: now };
  return isMeant(filter, subject, now);
}

const lineOf = ({ customer, item }: Removed): string =>
  item === WHOLE ? `${titleOf(customer)}: the customer` : `${titleOf(customer)}: ${item}`;

/** In one message with what waits already. */
async function tell(step: Step, roomId: string, lines: readonly string[]): Promise<void> {
  const { tx, now } = step;
  const line = await lockLine(step, roomId);
  if (line.suspendedAt !== null) return;
  const waiting = await tx
    .selectFrom("outbox")
    .select(["id", "says"])
    .where("target", "=", roomId)
    .where("kind", "=", "report")
    .where("state", "=", "pending")
    .where("urgent", "=", 0)
    .where("maybeSent", "=", 0)
    .executeTakeFirst();
  const before: readonly string[] = waiting === undefined ? [TITLE] : JSON.parse(waiting.says).lines;
  const says = JSON.stringify({ lines: shortened([...before, ...lines]), namesCustomers: true });
  if (waiting !== undefined)
    await tx.updateTable("outbox").set({ says }).where("id", "=", waiting.id).execute();
  else {
    const generation = await nextGeneration(step, roomId, "report");
    await tx
      .insertInto("outbox")
      .values({
        ...{ target: roomId, kind: "report", alertId: 0, generation, state: "pending" },
        ...{ urgent: 0, regression: 0, owedAt: now, maybeSent: 0, says },
      })
      .execute();
  }
  await schedule(step.tx, roomId, step.timings);
}

const TITLE = "Removed from Webex";

function shortened(lines: readonly string[]): readonly string[] {
  return lines.length <= MOST_LINES ? lines : [...lines.slice(0, MOST_LINES), "and more: see “changes”."];
}
