import { randomUUID } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import sdkModule from "webex";
import Framework, { type FrameworkBot, type FrameworkTrigger } from "webex-node-bot-framework";
import createDispatch from "webex-node-bot-framework/webhook.js";
import type { BotAdded, BotRemoved, UserRequest } from "../domain/inbound-event.ts";
import { Failure } from "../errors.ts";
import type { WebexApi } from "./api.ts";
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
    (bot, { attachmentAction: action }) => action && tell(bot, { kind: "press", action, room: roomInfo(bot) }),
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

/** What the framework calls `webex`: the part of the SDK that it uses in webhook mode, on our own client. */
export type Sdk = ReturnType<typeof createSdk>;

/** The page object of the SDK; ours is always the whole list, so there is never a next one. */
const pageOf = <T>(items: readonly T[]) => ({
  items: [...items],
  length: items.length,
  hasNext: () => false,
  next: () => Promise.reject(new Error("There is no next page.")),
});

/**
 * Webhooks are not the framework's to manage: it deletes them on stop and lets a rolling restart go deaf. So it finds none,
 * "creates" nothing, and removes nothing; `webhooks.ts` does that work.
 */
export function createSdk(api: WebexApi, bot: WebexPerson) {
  return {
    people: {
      get: async (id: string) => (id === "me" ? bot : api.person(id)),
    },
    rooms: { get: api.room },
    memberships: {
      get: api.membership,
      list: async ({ roomId, personId }: { roomId: string; personId?: string }) =>
        pageOf(await api.memberships({ roomId, ...(personId === undefined ? {} : { personId }) })),
    },
    messages: { get: api.message },
    attachmentActions: { get: api.action },
    webhooks: {
      list: async () => pageOf([]),
      create: async (hook: object) => hook,
      remove: async () => undefined,
    },
  };
}

/**
 * The same SDK, which also remembers the first call that failed. The framework swallows failures and drops the event;
 * this is how we notice, and take the event up again.
 */
export function recordFailures(sdk: Sdk): { readonly sdk: Sdk; failure(): unknown } {
  let failure: unknown;
  const watch = <A extends unknown[], R>(call: (...args: A) => Promise<R>) => {
    return async (...args: A): Promise<R> => {
      try {
        return await call(...args);
      } catch (error) {
        failure ??= error;
        throw error;
      }
    };
  };
  return {
    sdk: {
      people: { get: watch(sdk.people.get) },
      rooms: { get: watch(sdk.rooms.get) },
      memberships: { get: watch(sdk.memberships.get), list: watch(sdk.memberships.list) },
      messages: { get: watch(sdk.messages.get) },
      attachmentActions: { get: watch(sdk.attachmentActions.get) },
      webhooks: sdk.webhooks,
    },
    failure: () => failure,
  };
}
