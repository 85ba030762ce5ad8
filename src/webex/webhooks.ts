import { type Log, REDACTED } from "../domain/ports/runtime.ts";
import { Failure } from "../errors.ts";
import type { WebexApi } from "./api.ts";
import type { WebexWebhook } from "./wire.ts";

/** The two webhooks a bot needs: Webex's "all" covers messages, memberships and rooms, but not card presses. */
export const WEBHOOKS = [
  { name: "Wholesale Bot: spaces and messages", resource: "all", event: "all" },
  { name: "Wholesale Bot: card presses", resource: "attachmentActions", event: "created" },
] as const;

type WantedWebhook = (typeof WEBHOOKS)[number];

interface WebhooksDeps {
  readonly api: WebexApi;
  readonly log: Log;
  readonly targetUrl: string;
  /** Webex signs its calls with it: the first of the configured secrets. */
  readonly secret: string;
}

export interface Webhooks {
  /**
   * The first call makes both webhooks exist, point here and be active. They are updated in place and never deleted on stop, so
   * that no event is lost between an old instance and a new one. Later calls restore a webhook that is missing or inactive:
   * Webex switches it off after 100 failures in five minutes, and never on again. A webhook that points elsewhere belongs to a
   * newer instance and stays as it is, and so does one with another secret; both throw a `Failure`, which `/readyz` shows (ALERTS 33).
   * Returns true if Webex had switched one off.
   */
  ensure(): Promise<boolean>;
}

export function createWebhooks({ api, log, targetUrl, secret }: WebhooksDeps): Webhooks {
  let isRegistered = false;

  async function create(wanted: WantedWebhook): Promise<void> {
    await api.createWebhook({ ...wanted, targetUrl, secret });
    log.info("webhook.created", { webhook: wanted.resource });
  }

  async function update({ id, status }: WebexWebhook, { name, resource }: WantedWebhook): Promise<void> {
    await api.updateWebhook(id, { name, targetUrl, secret, status: "active" });
    if (status === "active") log.info("webhook.updated", { webhook: resource });
    else log.warn("webhook.reactivated", { webhook: resource, hint: SEE_WHY });
  }

  async function register(wanted: WantedWebhook, [ours, ...copies]: readonly WebexWebhook[]): Promise<void> {
    await (ours === undefined ? create(wanted) : update(ours, wanted));
    for (const { id } of copies) await api.deleteWebhook(id);
  }

  async function repair(wanted: WantedWebhook, [ours]: readonly WebexWebhook[]): Promise<void> {
    if (ours === undefined) return create(wanted);
    if (ours.targetUrl !== targetUrl) throw pointsElsewhereFailure();
    if (hasOtherSecret(ours)) throw otherSecretFailure();
    if (ours.status !== "active") await update(ours, wanted);
  }

  return {
    async ensure() {
      const existing = await api.webhooks();
      const putRight = isRegistered ? repair : register;
      for (const wanted of WEBHOOKS) {
        await putRight(
          wanted,
          existing.filter((hook) => isSame(hook, wanted)),
        );
      }
      isRegistered = true;
      return existing.some((hook) => hook.status !== "active" && WEBHOOKS.some((wanted) => isSame(hook, wanted)));
    },
  };
}

const SEE_WHY =
  "Webex does that after 100 failed calls in five minutes. See why it could not reach the bot: npm run doctor";

function otherSecretFailure(): Failure {
  const hint = "Give all instances the same WEBEX_WEBHOOK_SECRET, and restart one: it registers the webhooks anew.";
  const what = "The bot’s webhooks were registered with another secret, so the bot refuses what Webex sends.";
  return new Failure("webhooks.secret", what, hint);
}

/** Taking the webhooks back would make two instances change them in turns. */
function pointsElsewhereFailure(): Failure {
  const hint = "A newer instance may be taking over. If not, stop the other server and start this one again.";
  return new Failure("webhooks.elsewhere", "The bot’s webhooks point to another server.", hint);
}

/** True if a webhook is the wanted one, wherever it points. */
export function isSame(hook: WebexWebhook, wanted: WantedWebhook): boolean {
  return hook.name === wanted.name && hook.resource === wanted.resource && hook.event === wanted.event;
}

/**
 * True if Webex signs the calls of this webhook with a secret that the bot does not know. The client takes the bot's own secrets
 * out of every answer, so any other text is another secret, but for a mask such as `****`.
 */
export function hasOtherSecret({ secret }: Pick<WebexWebhook, "secret">): boolean {
  return secret !== undefined && secret !== REDACTED && /[a-z0-9]/i.test(secret);
}
