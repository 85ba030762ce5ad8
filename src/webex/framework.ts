import { randomUUID } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import sdkModule from "webex";
import Framework, { type FrameworkBot, type FrameworkTrigger } from "webex-node-bot-framework";
import createDispatch from "webex-node-bot-framework/webhook.js";
import type { BotAdded, BotRemoved, UserRequest } from "../domain/inbound-event.ts";
import { Failure } from "../errors.ts";
import type { WebexApi } from "./api.ts";
import { createSdk, recordFailures } from "./sdk.ts";
import type { WebexAction, WebexMessage, WebexPerson, WebhookEvent } from "./wire.ts";

/** What the framework told us of one event. */
export type FrameworkEvent =
  | { readonly kind: "message"; readonly message: WebexMessage; readonly room: RoomInfo }
  | { readonly kind: "press"; readonly action: WebexAction; readonly room: RoomInfo }
  | BotAdded
  | BotRemoved;

/** What the framework knows of the space that an event comes from. */
export type RoomInfo = Pick<UserRequest, "isDirect" | "space">;

/** The framework as we use it: it knows our spaces, and says what an event means (ARCHITECTURE, "The framework"). */
export interface FrameworkAdapter {
  start(): Promise<void>;
  /**
   * Hands one event to the framework and returns what it heard; undefined when there was nothing to hear, such as a message
   * that was deleted meanwhile. One event per room at a time, or the framework loses some of them.
   * Throws the `Failure` that kept the framework from hearing, so that the event can be taken up again.
   */
  dispatch(event: WebhookEvent): Promise<FrameworkEvent | undefined>;
  stop(): Promise<void>;
}

export function createFramework(api: WebexApi, bot: WebexPerson, webhookUrl: string): FrameworkAdapter {
  const sdk = createSdk(api, bot);
  const key = randomUUID();
  sdkModule.provide(key, sdk);
  const framework = new Framework({
    token: key,
    webhookUrl,
    maxStartupSpaces: 0,
    removeWebhooksOnStart: false,
  });
  framework.getTrigger = async (type, subject) => triggerOf(type, subject);

  /** Who waits for news, by room: there is one event per room at a time. */
  const listeners = new Map<string, (news: FrameworkEvent) => void>();
  const tell = (bot: FrameworkBot, news: FrameworkEvent) => listeners.get(bot.room.id)?.(news);
  framework.on(
    "message",
    (bot, { message }) => message && tell(bot, { kind: "message", message, room: roomInfo(bot) }),
  );
  framework.on(
    "attachmentAction",
    (bot, { attachmentAction: action }) =>
      action && tell(bot, { kind: "press", action, room: roomInfo(bot) }),
  );
  framework.on("spawn", (bot, _id, actorId) => {
    if (actorId !== undefined)
      tell(bot, { kind: "added", roomId: bot.room.id, isDirect: bot.isDirect, byPersonId: actorId });
  });
  framework.on("despawn", (bot) => tell(bot, { kind: "removed", roomId: bot.room.id }));

  /** The framework, but with an SDK of its own for this event: so a failure it swallows is known to be this event's. */
  const withSdk = (own: typeof sdk) =>
    new Proxy(framework, { get: (target, name) => (name === "webex" ? own : Reflect.get(target, name)) });

  return {
    async start() {
      await framework.start();
      while (framework.webhook !== false && framework.cardsWebhook.name === undefined) await setImmediate();
    },
    async dispatch(event) {
      const roomId = event.data.roomId ?? event.data.id;
      const { sdk: own, failure } = recordFailures(sdk);
      let news: FrameworkEvent | undefined;
      listeners.set(roomId, (told) => {
        news = told;
      });
      try {
        const name = framework.webhook === false ? undefined : framework.webhook.name;
        await createDispatch(withSdk(own))({ body: { ...event, name }, headers: {} });
      } finally {
        listeners.delete(roomId);
      }
      if (news === undefined && failure() !== undefined && !isNotFound(failure())) throw failure();
      return news;
    },
    async stop() {
      await framework.stop();
      sdkModule.withdraw(key);
    },
  };
}

const roomInfo = ({ room: { title }, isDirect }: FrameworkBot): RoomInfo => ({ isDirect, space: title });

/** Built from what was read anyway: the framework's own asks Webex for the person, on every message. */
function triggerOf(type: FrameworkTrigger["type"], subject: WebexMessage | WebexAction): FrameworkTrigger {
  const person = { id: subject.personId, emails: "personEmail" in subject ? [subject.personEmail] : [] };
  const base = { type, id: subject.id, personId: subject.personId, person, args: [] };
  if ("inputs" in subject) return { ...base, attachmentAction: subject };
  return { ...base, message: subject, ...(subject.text === undefined ? {} : { text: subject.text }) };
}

function isNotFound(failure: unknown): boolean {
  return failure instanceof Failure && failure.code === "webex.not_found";
}
