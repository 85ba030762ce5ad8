import { randomUUID } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import sdkModule from "webex";
import FrameworkClass, { type Framework, type FrameworkBot, type FrameworkTrigger } from "webex-node-bot-framework";
import createDispatch from "webex-node-bot-framework/webhook.js";
import type { BotAdded, BotRemoved, UserRequest } from "../domain/inbound-event.ts";
import { Failure } from "../errors.ts";
import type { WebexApi } from "./api.ts";
import type { WebexAction, WebexMessage, WebexPerson, WebhookEvent } from "./wire.ts";

/**
 * The Webex bot framework as the bot uses it: it keeps the list of spaces and turns webhook events into messages, presses and
 * membership changes. It expects the Webex SDK, a package of 950 dependencies. In the place of that package npm installs a small
 * one of our own (`src/webex/stand-ins/webex`, see `dependencies` and `overrides` in package.json), whose `init` returns the
 * client that was provided under a key. `docs/framework.md` gives the reasons.
 */
export interface FrameworkAdapter {
  start(): Promise<void>;
  /**
   * Hands one event to the framework and returns what it means; undefined when it means nothing, as for a message that was
   * deleted meanwhile. Only one event per room at a time: the framework loses others.
   * Throws the `Failure` of a call to Webex that the framework swallowed, so that the event is tried again.
   */
  dispatch(event: WebhookEvent): Promise<FrameworkEvent | undefined>;
  stop(): Promise<void>;
}

export type FrameworkEvent =
  | { readonly kind: "message"; readonly message: WebexMessage; readonly room: RoomInfo }
  | { readonly kind: "press"; readonly action: WebexAction; readonly room: RoomInfo }
  | BotAdded
  | BotRemoved;

export type RoomInfo = Pick<UserRequest, "isDirect" | "space">;

export function createFramework(api: WebexApi, bot: WebexPerson, webhookUrl: string): FrameworkAdapter {
  const sdk = createSdk(api, bot);
  // The framework passes its token to `init` of the stand-in. A random key, so that it never has the real token.
  const key = randomUUID();
  sdkModule.provide(key, sdk);
  const framework = new FrameworkClass({ token: key, webhookUrl, maxStartupSpaces: 0, removeWebhooksOnStart: false });
  framework.getTrigger = async (type, subject) => triggerOf(type, subject);
  /** The call of `dispatch` that waits, by room: there is one event per room at a time. */
  const waiting = new Map<string, (event: FrameworkEvent) => void>();
  subscribe(framework, (roomId, event) => waiting.get(roomId)?.(event));

  return {
    async start() {
      await framework.start();
      while (framework.webhook !== false && framework.cardsWebhook.name === undefined) await setImmediate();
    },
    async dispatch(event) {
      const roomId = event.data.roomId ?? event.data.id;
      const { sdk: ownSdk, failure } = recordFailures(sdk);
      let result: FrameworkEvent | undefined;
      waiting.set(roomId, (received) => {
        result = received;
      });
      try {
        const name = framework.webhook === false ? undefined : framework.webhook.name;
        await createDispatch(withSdk(framework, ownSdk))({ body: { ...event, name }, headers: {} });
      } finally {
        waiting.delete(roomId);
      }
      if (result === undefined && failure() !== undefined && !isNotFound(failure())) throw failure();
      return result;
    },
    async stop() {
      await framework.stop();
      sdkModule.withdraw(key);
    },
  };
}

function subscribe(framework: Framework, pass: (roomId: string, event: FrameworkEvent) => void): void {
  framework.on("message", (bot, { message }) => {
    if (message) pass(bot.room.id, { kind: "message", message, room: roomInfo(bot) });
  });
  framework.on("attachmentAction", (bot, { attachmentAction: action }) => {
    if (action) pass(bot.room.id, { kind: "press", action, room: roomInfo(bot) });
  });
  framework.on("spawn", ({ room: { id: roomId }, isDirect }, _id, byPersonId) => {
    if (byPersonId !== undefined) pass(roomId, { kind: "added", roomId, isDirect, byPersonId });
  });
  framework.on("despawn", ({ room: { id: roomId } }) => pass(roomId, { kind: "removed", roomId }));
}

function roomInfo({ room: { title }, isDirect }: FrameworkBot): RoomInfo {
  return { isDirect, space: title };
}

/** The framework with an SDK of its own for one event, so that a failure it swallows can be assigned to that event. */
function withSdk(framework: Framework, sdk: Sdk): Framework {
  return new Proxy(framework, { get: (target, name) => (name === "webex" ? sdk : Reflect.get(target, name)) });
}

/** Replaces the framework’s own function, which reads the person from Webex for every message. */
function triggerOf(type: FrameworkTrigger["type"], subject: WebexMessage | WebexAction): FrameworkTrigger {
  const person = { id: subject.personId, emails: "personEmail" in subject ? [subject.personEmail] : [] };
  const base = { type, id: subject.id, personId: subject.personId, person, args: [] };
  if ("inputs" in subject) return { ...base, attachmentAction: subject };
  return { ...base, message: subject, ...(subject.text === undefined ? {} : { text: subject.text }) };
}

function isNotFound(failure: unknown): boolean {
  return failure instanceof Failure && failure.code === "webex.not_found";
}

export type Sdk = ReturnType<typeof createSdk>;

/** The page object of the SDK. It always holds the whole list, so there is no next page. */
const pageOf = <T>(items: readonly T[]) => ({
  items: [...items],
  length: items.length,
  hasNext: () => false,
  next: () => Promise.reject(new Error("There is no next page.")),
});

/**
 * The part of the SDK that the framework uses in webhook mode. It finds no webhooks, creates none and removes none, because it
 * would delete them on stop, and a rolling restart would get no events any more; `webhooks.ts` manages them.
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

/** The same SDK, which also records the first failure: the framework swallows failures and drops the event. */
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
