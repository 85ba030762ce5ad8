import type { Log } from "../domain/ports/runtime.ts";
import { Failure } from "../errors.ts";
import type { WebexApi } from "./api.ts";
import type { WebexWebhook } from "./wire.ts";

/** The two webhooks a bot needs: Webex's "all" covers messages, memberships and rooms, but not card presses. */
const WEBHOOKS = [
  { name: "Wholesale Bot: spaces and messages", resource: "all", event: "all" },
  { name: "Wholesale Bot: card presses", resource: "attachmentActions", event: "created" },
] as const;

type WantedWebhook = (typeof WEBHOOKS)[number];

interface WebhooksDeps {
  readonly api: WebexApi;
  readonly log: Log;
  readonly targetUrl: string;
  /** The secret to sign with from now on: the first of the configured ones. */
  readonly secret: string;
}

export interface Webhooks {
  /**
   * The first time: both webhooks stand, point here, and are switched on. They are updated in place and never deleted on stop,
   * so that nothing is missed between an old instance and a new one. After that: what is missing or was switched off comes
   * back (Webex switches a webhook off after 100 failures in five minutes, and never on again), while one that points
   * elsewhere belongs to a newer instance and is left alone: that is a `Failure`, so that `/readyz` says it.
   */
  ensure(): Promise<void>;
}

export function createWebhooks({ api, log, targetUrl, secret }: WebhooksDeps): Webhooks {
  let isRegistered = false;

  async function create(wanted: WantedWebhook): Promise<void> {
    await api.createWebhook({ ...wanted, targetUrl, secret });
    log.info("webhook.created", { webhook: wanted.resource });
  }

  async function update({ id, status }: WebexWebhook, { name, resource }: WantedWebhook): Promise<void> {
    await api.updateWebhook(id, { name, targetUrl, secret, status: "active" });
    log.info(status === "active" ? "webhook.updated" : "webhook.reactivated", { webhook: resource });
  }

  async function register(wanted: WantedWebhook, [ours, ...copies]: readonly WebexWebhook[]): Promise<void> {
    await (ours === undefined ? create(wanted) : update(ours, wanted));
    for (const { id } of copies) await api.deleteWebhook(id);
  }

  async function repair(wanted: WantedWebhook, [ours]: readonly WebexWebhook[]): Promise<void> {
    if (ours === undefined) return create(wanted);
    if (ours.targetUrl !== targetUrl) throw pointsElsewhereFailure();
    if (ours.status !== "active") await update(ours, wanted);
  }

  return {
    async ensure() {
      const existing = await api.webhooks();
      const settle = isRegistered ? repair : register;
      for (const wanted of WEBHOOKS) {
        await settle(
          wanted,
          existing.filter((hook) => isSame(hook, wanted)),
        );
      }
      isRegistered = true;
    },
  };
}

/** Nothing is heard any more, and taking the webhooks back by force would only make two instances fight for them. */
function pointsElsewhereFailure(): Failure {
  const fix = "If that is not a newer instance that takes over, stop it and start this one again.";
  return new Failure("webhooks.elsewhere", "The bot’s webhooks point to another server.", fix);
}

function isSame(hook: WebexWebhook, wanted: WantedWebhook): boolean {
  return hook.name === wanted.name && hook.resource === wanted.resource && hook.event === wanted.event;
}
