import { z } from "zod";
import { httpError, ok, readJson } from "../http/http-messages.ts";
import type { Routes } from "../http/router.ts";
import type { Caller } from "../world/caller.ts";
import type { World } from "../world/world.ts";
import { readableAction, readableMessage } from "./read-access.ts";

const AttachmentActionSchema = z.object({
  type: z.literal("submit"),
  messageId: z.string(),
  inputs: z.record(z.string(), z.unknown()).default({}),
});

/** Attachment actions: a person presses a button of a card. */
export function attachmentActionRoutes(world: World): Routes<Caller> {
  const { messages } = world;
  return {
    "POST /attachment/actions": (ask, caller) => {
      if (caller.kind !== "person") throw httpError(403, "Only people press buttons.");
      const { messageId, inputs } = readJson(ask, AttachmentActionSchema);
      const message = readableMessage(world, messageId, caller.person);
      if (!message.attachments) throw httpError(400, "The message has no card.");
      const action = { messageId, inputs, personId: caller.person.id, roomId: message.roomId };
      return ok(messages.addAttachmentAction(action, message.personId));
    },
    "GET /attachment/actions/:id": ({ id }, { person }) => ok(readableAction(world, id, person)),
  };
}
