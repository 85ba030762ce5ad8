import type { Caller } from "../callers.ts";
import { httpError } from "../exchange.ts";
import type { Routes } from "../routes.ts";
import type { World } from "../world.ts";
import { readableMessage } from "./sight.ts";

/** Files, for those who may read the message that brought them. */
export function contentRoutes(world: World): Routes<Caller> {
  return {
    "GET /contents/:id": ({ id }, { person }) => {
      const file = world.messages.file(id);
      if (!file) throw httpError(404, "The requested file could not be found.");
      readableMessage(world, file.messageId, person);
      const headers = {
        "content-type": file.contentType,
        "content-disposition": contentDisposition(file.name),
      };
      return { status: 200, headers, bytes: file.bytes };
    },
  };
}

/** A header is ASCII; a name that is not comes along a second time, encoded (RFC 6266). */
function contentDisposition(name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\]/g, "_");
  if (plain === name) return `attachment; filename="${name}"`;
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16)}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
