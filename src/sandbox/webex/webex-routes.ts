import { httpError } from "../http/http-messages.ts";
import { type RouteHandler, type Routes, wrapRoutes } from "../http/router.ts";
import type { Caller } from "../world/caller.ts";
import type { World } from "../world/world.ts";
import { attachmentActionRoutes } from "./attachment-action-routes.ts";
import { deviceRoutes } from "./devices/device-routes.ts";
import { membershipRoutes } from "./membership-routes.ts";
import type { LintCard } from "./message-draft.ts";
import { contentRoutes, messageRoutes } from "./message-routes.ts";
import { peopleRoutes } from "./people-routes.ts";
import { roomRoutes } from "./room-routes.ts";
import { webhookRoutes } from "./webhook-routes.ts";

/** The part of the Webex REST API that a bot and the people around it use. */
export function webexRoutes(world: World, refusals: LintCard): Routes<Caller> {
  const messaging: Routes<Caller> = {
    ...roomRoutes(world),
    ...membershipRoutes(world),
    ...messageRoutes(world, refusals),
    ...contentRoutes(world),
    ...attachmentActionRoutes(world),
    ...webhookRoutes(world),
    ...deviceRoutes(world),
  };
  return { ...peopleRoutes(world), ...wrapRoutes(messaging, requireMessagingScope) };
}

/** The Wholesale integration has administrative scopes only: it may read who it is, but use no space. */
function requireMessagingScope(answer: RouteHandler<Caller>): RouteHandler<Caller> {
  return (ask, caller) => {
    if (caller.kind === "wholesale") throw httpError(403, "The token lacks the scope for messaging.");
    return answer(ask, caller);
  };
}
