import { z } from "zod";
import { httpError, NO_CONTENT, ok, paginate, readFields } from "../http/http-messages.ts";
import type { Routes } from "../http/router.ts";
import type { Caller } from "../world/caller.ts";
import type { Person } from "../world/people.ts";
import type { Webhook } from "../world/webhook-store.ts";
import type { World } from "../world/world.ts";

const httpUrlSchema = z.url({ protocol: /^https?$/ });

/** The resources that Webex takes. The sandbox has events of the first five alone. */
const RESOURCES = [
  ...["all", "messages", "memberships", "rooms", "attachmentActions", "meetings", "recordings", "convergedRecordings"],
  ...["meetingParticipants", "meetingTranscripts", "telephony_calls", "telephony_conference", "telephony_mwi"],
  ...["uc_counters", "serviceApp", "adminBatchJobs", "dataSources"],
];
const EVENTS = [
  ...["all", "created", "updated", "deleted", "migrated", "started", "ended", "joined", "left", "authorized"],
  ...["deauthorized", "statusChanged"],
];

const NewWebhookSchema = z.object({
  name: z.string().min(1),
  targetUrl: httpUrlSchema,
  resource: z.enum(RESOURCES),
  event: z.enum(EVENTS),
  filter: z.string().optional(),
  secret: z.string().optional(),
  ownedBy: z.enum(["creator", "org"]).default("creator"),
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
    "GET /webhooks": (ask, { person }) => {
      const wanted = ask.query.get("ownedBy");
      const own = webhooks.ofPerson(person.id).filter(({ ownedBy }) => wanted === null || ownedBy === wanted);
      return paginate(ask, own, { usual: 100, most: 100 });
    },
    "POST /webhooks": (ask, { person }) => {
      const { filter, secret, ...order } = readFields(ask, NewWebhookSchema);
      return ok(webhooks.add(person, { ...order, ...(filter && { filter }), ...(secret && { secret }) }));
    },
    "GET /webhooks/:id": ({ id }, { person }) => ok(mine(id, person)),
    "PUT /webhooks/:id": (ask, { person }) => {
      const hook = mine(ask.id, person);
      const { name, targetUrl, secret, status } = readFields(ask, WebhookChangeSchema);
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
