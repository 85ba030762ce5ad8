import type { Alert } from "../../domain/alerts/alert.ts";
import { readRoom } from "../notices/reading.ts";
import { settleAlerts } from "../notices/settle.ts";
import type { Step } from "../notices/step.ts";
import { takeNumbers, writeAlerts } from "./rows.ts";

const DRILL = "drill";

/** An alert like any other, of a customer that does not exist, for this space alone. */
export async function drill(step: Step, roomId: string): Promise<void> {
  const { scope } = await readRoom(step.tx, roomId);
  const id = await takeNumbers(step.tx, "alerts", 1);
  const problems = [{ level: "error" as const, text: "This is a drill: nothing is wrong." }];
  const alert: Alert = {
    ...{ id, state: "open", generation: 1, openedAt: step.now, badSince: step.now, status: "error" },
    key: { scope, customerId: `${DRILL}:${id}`, item: DRILL, kind: "error" },
    ...{ from: "provisioned", attempt: 1, failures: 0, retrying: false, suspended: false, reopenedAt: [] },
    ...{ absent: 0, baseline: false, drill: roomId },
    subject: {
      ...{ id: `${DRILL}:${id}`, name: "Drill", address: {}, status: "provisioned_with_errors" },
      ...{ packages: [{ name: DRILL, status: "error", problems }], addOns: [], problems: [] },
    },
  };
  await writeAlerts(step.tx, [alert], step.now);
  await settleAlerts(step, [alert]);
}
