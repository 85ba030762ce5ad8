import { format } from "../commands/format.ts";
import type { TurnCommand } from "../commands/turn.ts";
import { PAGE_SIZE } from "../customers/list-query.ts";
import { type Reply, textReply } from "./reply.ts";

/** Only where there is nothing to turn: with a list in view, the list is asked for instead (`completeCommand`). */
export function replyTurn({ to }: TurnCommand): Reply {
  const page = typeof to === "number" ? to : 1;
  const all = format({ name: "customers", filter: [], page, max: PAGE_SIZE.usual, fresh: false });
  const line =
    typeof to === "number"
      ? `“page ${to}” turns the list that you last saw here. For page ${to} of all customers write “${all}”.`
      : `“${to}” acts on the list that you last saw here. Ask for one first.`;
  const buttons = [
    { title: "All customers", command: all, main: true },
    { title: "Errors", command: "errors" },
  ];
  return textReply("There is no list in this space yet", [line], buttons);
}
