import { z } from "zod";
import { httpError, NO_CONTENT, ok, paginate, readJson } from "../http/http-messages.ts";
import type { Routes } from "../http/router.ts";
import type { Caller } from "../world/caller.ts";
import type { Person } from "../world/people.ts";
import type { Webhook } from "../world/webhook-store.ts";
import type { World } from "../world/world.ts";

const httpUrlSchema = z.url({ protocol: /^https?$/ });

const NewWebhookSchema = z.object({
  name: z.string().min(1),
  targetUrl: httpUrlSchema,
  resource: z.enum(["all", "messages", "memberships", "rooms", "attachmentActions"]),
  event: z.enum(["all", "created", "updated", "deleted", "migrated"]),
  filter: z.string().optional(),
  secret: z.string().optional(),
});

/** The fields that a PUT may change: resource, event and filter never change, and the only status it takes is active. */
const WebhookChangeSchema = z.object({
  name: z.string().min(1),
  targetUrl: httpUrlSchema,
  secret: z.string().optional(),
  status: z.literal("active").optional(),
});

export function webhookRoutes({ webhooks }: World): Routes<Caller> {
  const mine = (id: string, person: Person): Webhook => {
    const hook = webhooks.get(id);
    if (hook?.createdBy === person.id) return hook;
    throw httpError(404, "The requested webhook could not be found.");
  };
  return {
    "GET /webhooks": (ask, { person }) => paginate(ask, webhooks.ofPerson(person.id), { usual: 100, most: 100 }),
    "POST /webhooks": (ask, { person }) => {
      const { filter, secret, ...order } = readJson(ask, NewWebhookSchema);
      return ok(webhooks.add(person, { ...order, ...(filter && { filter }), ...(secret && { secret }) }));
    },
    "GET /webhooks/:id": ({ id }, { person }) => ok(mine(id, person)),
    "PUT /webhooks/:id": (ask, { person }) => {
      const hook = mine(ask.id, person);
      const { name, targetUrl, secret, status } = readJson(ask, WebhookChangeSchema);
      const changed = { ...hook, name, targetUrl, ...(secret && { secret }), ...(status && { status }) };
      webhooks.save(changed);
      return ok(changed);
    },
    "DELETE /webhooks/:id": ({ id }, { person }) => {
      webhooks.remove(mine(id, person).id);
      return NO_CONTENT;
    },
  };
}
