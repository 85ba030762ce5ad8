import type { Caller } from "../callers.ts";
import { refuse } from "../exchange.ts";
import type { Routes } from "../routes.ts";
import type { World } from "../world.ts";
import { readableMessage } from "./sight.ts";

/** Files, for those who may read the message that brought them. */
export function contentRoutes(world: World): Routes<Caller> {
  return {
    "GET /contents/:id": ({ id }, { person }) => {
      const file = world.timeline.file(id);
      if (!file) throw refuse(404, "The requested file could not be found.");
      readableMessage(world, file.messageId, person);
      const headers = {
        "content-type": file.contentType,
        "content-disposition": `attachment; filename="${file.name.replace(/["\r\n]/g, "_")}"`,
      };
      return { status: 200, headers, bytes: file.bytes };
    },
  };
}
