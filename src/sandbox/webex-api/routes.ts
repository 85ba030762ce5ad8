import type { Caller } from "../callers.ts";
import { httpError } from "../exchange.ts";
import type { RouteHandler, Routes } from "../routes.ts";
import type { World } from "../world.ts";
import { attachmentActionRoutes } from "./actions.ts";
import { contentRoutes } from "./contents.ts";
import type { LintCard } from "./draft.ts";
import { membershipRoutes } from "./memberships.ts";
import { messageRoutes } from "./messages.ts";
import { peopleRoutes } from "./people.ts";
import { roomRoutes } from "./rooms.ts";
import { webhookRoutes } from "./webhooks.ts";

/** The Webex REST API, as far as a bot and the people around it use it. */
export function webexRoutes(world: World, lint: LintCard): Routes<Caller> {
  const messaging: Routes<Caller> = {
    ...roomRoutes(world),
    ...membershipRoutes(world),
    ...messageRoutes(world, lint),
    ...contentRoutes(world),
    ...attachmentActionRoutes(world),
    ...webhookRoutes(world),
  };
  return { ...peopleRoutes(world), ...mapValues(messaging, withMessagingScope) };
}

/** The integration was given administrative scopes only: it can say who it is, and nothing in a space. */
function withMessagingScope(answer: RouteHandler<Caller>): RouteHandler<Caller> {
  return (ask, caller) => {
    if (caller.kind === "wholesale") throw httpError(403, "The token lacks the scope for messaging.");
    return answer(ask, caller);
  };
}

function mapValues<T>(
  record: Readonly<Record<string, T>>,
  change: (value: T) => T,
): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
