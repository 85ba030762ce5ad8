import { formatCount } from "../views/text.ts";
import type { Button } from "../views/views.ts";
import { type Reply, type ReplyContext, textReply } from "./reply.ts";

/** A person says that the customers missing from the list are really gone (ALERTS 6). */
export async function replyConfirm({ alerts, scope, sender }: ReplyContext): Promise<Reply> {
  const { doubt } = await alerts.visibility(scope);
  if (doubt === undefined || doubt.isBelieved) {
    return {
      ...textReply(
        "There is nothing to confirm",
        ["No customer is missing from the list without a known reason."],
        [STATUS],
      ),
      isSeparate: true,
    };
  }
  if (!doubt.mayBeTrue) {
    const lines = ["Customers that are missing from the list were found when they were looked up one by one."];
    return { ...textReply("This cannot be confirmed: the list is wrong", lines, [STATUS]), isSeparate: true };
  }
  const missing = formatCount(doubt.known - doubt.present, "missing customer");
  const reply = textReply(
    `${sender.name} confirmed: the ${missing} were removed`,
    [
      "When three readings in a row, over at least one hour, show the same, each missing customer is looked up once more and then removed.",
    ],
    [STATUS],
  );
  return {
    ...reply,
    changes: [{ kind: "alerting", change: { kind: "confirm absence", by: sender.name } }],
    isSeparate: true,
  };
}

const STATUS: Button = { title: "Status", command: "status" };
