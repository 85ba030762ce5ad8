import type { AllowCommand, DisallowCommand } from "../commands/allow.ts";
import { type Reply, type ReplyContext, textReply } from "./reply.ts";

/** Lets this space see customer data although guests are in it, or takes that back (PRODUCT 5). */
export function replyAllow(
  { name }: AllowCommand | DisallowCommand,
  { isGroupRoom }: Pick<ReplyContext, "isGroupRoom">,
): Reply {
  if (!isGroupRoom) {
    return textReply("Nothing to allow here", ["A 1:1 space has no guests, so it needs no permission."]);
  }
  const allowed = name === "allow";
  const reply = allowed
    ? textReply("This space is allowed", [
        "Everyone in it, including guests, can now see customer data when somebody asks for it. To undo this, send “disallow space”.",
      ])
    : textReply("This space is no longer allowed", [
        "Customer data is shown here only while no guest is in the space.",
      ]);
  return { ...reply, changes: [{ kind: "room", allowed }] };
}
