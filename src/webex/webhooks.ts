import type { Log } from "../domain/ports.ts";
import type { WebexApi, WebhookBody } from "./api.ts";
import type { WebexWebhook } from "./wire.ts";

/** The two webhooks a bot needs: Webex's "all" covers messages, memberships and rooms, but not card presses. */
const WANTED = [
  { name: "Wholesale Bot: spaces and messages", resource: "all", event: "all" },
  { name: "Wholesale Bot: card presses", resource: "attachmentActions", event: "created" },
] as const;

interface WebhooksDeps {
  readonly api: WebexApi;
  readonly log: Log;
  readonly targetUrl: string;
  /** The secret to sign with from now on: the first of the configured ones. */
  readonly secret: string;
}

export interface Webhooks {
  /**
   * Makes sure that both webhooks stand, point here, and are switched on (Webex switches one off after 100 failures in
   * five minutes and never on again). They are updated in place and never deleted on stop, so that nothing is missed
   * between an old instance and a new one.
   */
  ensure(): Promise<void>;
}

export function createWebhooks({ api, log, targetUrl, secret }: WebhooksDeps): Webhooks {
  /** Webex does not promise to show a hook's secret, so each is set once a process even where all else is right. */
  const settled = new Set<string>();

  async function ensureOne(
    wanted: (typeof WANTED)[number],
    existing: readonly WebexWebhook[],
  ): Promise<void> {
    const body: WebhookBody = { ...wanted, targetUrl, secret };
    const [ours, ...copies] = existing.filter((hook) => isSame(hook, wanted));
    if (ours === undefined) {
      const created = await api.createWebhook(body);
      settled.add(created.id);
      log.info("webhook.created", { webhook: wanted.resource });
      return;
    }
    await Promise.all(copies.map(({ id }) => api.deleteWebhook(id)));
    if (settled.has(ours.id) && ours.targetUrl === targetUrl && ours.status === "active") return;
    await api.updateWebhook(ours.id, { name: wanted.name, targetUrl, secret, status: "active" });
    settled.add(ours.id);
    log.info(ours.status === "active" ? "webhook.updated" : "webhook.reactivated", {
      webhook: wanted.resource,
    });
  }

  return {
    async ensure() {
      const existing = await api.webhooks();
      for (const wanted of WANTED) await ensureOne(wanted, existing);
    },
  };
}

function isSame(hook: WebexWebhook, wanted: (typeof WANTED)[number]): boolean {
  return hook.name === wanted.name && hook.resource === wanted.resource && hook.event === wanted.event;
}
