import type { Clock } from "../../domain/ports/runtime.ts";
import type { Person } from "./people.ts";
import type { NewId } from "./webex-ids.ts";

export interface Webhook {
  readonly id: string;
  readonly name: string;
  readonly targetUrl: string;
  readonly resource: string;
  readonly event: string;
  readonly filter?: string;
  readonly secret?: string;
  readonly status: "active" | "inactive";
  readonly ownedBy: "creator" | "org";
  readonly orgId: string;
  readonly createdBy: string;
  readonly appId: string;
  readonly created: string;
}

export type NewWebhook = Pick<Webhook, "name" | "targetUrl" | "resource" | "event" | "filter" | "secret" | "ownedBy">;

export function createWebhookStore({ clock, newId }: { readonly clock: Clock; readonly newId: NewId }) {
  const hooks = new Map<string, Webhook>();
  return {
    all: (): readonly Webhook[] => [...hooks.values()],
    get: (id: string) => hooks.get(id),
    ofPerson: (personId: string) => [...hooks.values()].filter(({ createdBy }) => createdBy === personId),
    save: (hook: Webhook) => hooks.set(hook.id, hook),
    remove: (id: string) => hooks.delete(id),
    add(owner: Person, order: NewWebhook): Webhook {
      const hook: Webhook = {
        id: newId("WEBHOOK"),
        ...order,
        status: "active",
        orgId: owner.orgId,
        createdBy: owner.id,
        appId: newId("APPLICATION"),
        created: new Date(clock()).toISOString(),
      };
      hooks.set(hook.id, hook);
      return hook;
    },
  };
}
