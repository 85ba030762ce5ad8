import type { TurnCommand } from "../commands/turn.ts";
import { type Reply, textReply } from "./reply.ts";

/** Only where there is nothing to turn: with a list in view, the list is asked for instead (`completeCommand`). */
export function replyTurn({ to }: TurnCommand): Reply {
  return textReply(
    "There is no list in this space yet",
    [`“${to}” acts on the list that you last saw here. Ask for one first.`],
    [
      { title: "All customers", command: "customers", main: true },
      { title: "Errors", command: "errors" },
    ],
  );
}
