import { nextGeneration } from "./covers.ts";
import { lockLine } from "./lines.ts";
import { schedule } from "./schedule.ts";
import type { Step } from "./step.ts";

/** Lines of one message; a mass removal is counted. */
const MOST_LINES = 20;

interface Report {
  readonly title: string;
  /** What it reports of customers. */
  readonly lines: readonly string[];
}

/** Owes a space a report; in one message with what waits of that already. */
export async function tellMore(step: Step, roomId: string, { title, lines }: Report): Promise<void> {
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
  const before: readonly string[] = waiting === undefined ? [title] : JSON.parse(waiting.says).lines;
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

function shortened(lines: readonly string[]): readonly string[] {
  return lines.length <= MOST_LINES ? lines : [...lines.slice(0, MOST_LINES), "and more: see “changes”."];
}
