import type { Caller } from "../callers.ts";
import { refuse } from "../exchange.ts";
import type { Responder, Routes } from "../routes.ts";
import type { World } from "../world.ts";
import { actionRoutes } from "./actions.ts";
import { contentRoutes } from "./contents.ts";
import type { Lint } from "./draft.ts";
import { membershipRoutes } from "./memberships.ts";
import { messageRoutes } from "./messages.ts";
import { peopleRoutes } from "./people.ts";
import { roomRoutes } from "./rooms.ts";
import { webhookRoutes } from "./webhooks.ts";

/** The Webex REST API, as far as a bot and the people around it use it. */
export function webexRoutes(world: World, lint: Lint): Routes<Caller> {
  const messaging: Routes<Caller> = {
    ...roomRoutes(world),
    ...membershipRoutes(world),
    ...messageRoutes(world, lint),
    ...contentRoutes(world),
    ...actionRoutes(world),
    ...webhookRoutes(world),
  };
  return { ...peopleRoutes(world), ...mapValues(messaging, withMessagingScope) };
}

/** The integration was given administrative scopes only: it can say who it is, and nothing in a space. */
function withMessagingScope(answer: Responder<Caller>): Responder<Caller> {
  return (ask, caller) => {
    if (caller.kind === "wholesale") throw refuse(403, "The token lacks the scope for messaging.");
    return answer(ask, caller);
  };
}

function mapValues<T>(
  record: Readonly<Record<string, T>>,
  change: (value: T) => T,
): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
