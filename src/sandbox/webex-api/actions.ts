import { z } from "zod";
import type { Caller } from "../callers.ts";
import { ok, readJson, refuse } from "../exchange.ts";
import type { Routes } from "../routes.ts";
import type { World } from "../world.ts";
import { readableMessage } from "./sight.ts";

const PressSchema = z.object({
  type: z.literal("submit"),
  messageId: z.string(),
  inputs: z.record(z.string(), z.unknown()).default({}),
});

/** Attachment actions: a person presses a button of a card. */
export function actionRoutes(world: World): Routes<Caller> {
  const { timeline, rooms } = world;
  return {
    "POST /attachment/actions": (ask, caller) => {
      if (caller.kind !== "person") throw refuse(403, "Only people press buttons.");
      const { messageId, inputs } = readJson(ask, PressSchema);
      const message = readableMessage(world, messageId, caller.person);
      if (!message.attachments) throw refuse(400, "The message has no card.");
      const press = { messageId, inputs, personId: caller.person.id, roomId: message.roomId };
      return ok(timeline.pressed(press, message.personId));
    },
    "GET /attachment/actions/:id": ({ id }, { person }) => {
      const found = timeline.press(id);
      const mine = found?.press.personId === person.id || found?.cardBy === person.id;
      if (!found || !mine || !rooms.get(found.press.roomId))
        throw refuse(404, "The requested attachment action could not be found.");
      return ok(found.press);
    },
  };
}
