import { textReply } from "../views/text.ts";
import type { Reply } from "./reply.ts";

/** A trial alert through the real path (PRODUCT 2): seen, owed, told and over, for this space alone. */
export function replyDrill(): Reply {
  const reply = textReply("A drill is under way", [
    "A trial alert, marked DRILL, follows in this space. In its thread I say when each step was done.",
    "No customer is touched, and no other space is told.",
  ]);
  return { ...reply, changes: [{ kind: "alerting", change: { kind: "drill" } }] };
}
