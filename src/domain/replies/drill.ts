import { type Reply, textReply } from "./reply.ts";

/** A trial alert through the real path, from its observation to its close, for this space alone (PRODUCT 2). */
export function replyDrill(): Reply {
  const reply = textReply("The drill has started", [
    "A test alert, marked DRILL, follows in this space. A reply in its thread shows how long each step took.",
    "No customer is changed, and no other space is informed.",
  ]);
  return { ...reply, changes: [{ kind: "alerting", change: { kind: "drill" } }] };
}
