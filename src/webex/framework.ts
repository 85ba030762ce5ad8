import { randomUUID } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import sdkModule from "webex";
import FrameworkClass, { type Framework, type FrameworkBot, type FrameworkTrigger } from "webex-node-bot-framework";
import createDispatch from "webex-node-bot-framework/webhook.js";
import type { BotAdded, BotRemoved, UserRequest } from "../domain/inbound-event.ts";
import { GONE } from "../domain/unanswered.ts";
import { Failure } from "../errors.ts";
import type { WebexApi } from "./api.ts";
import { unexpectedAnswer } from "./failures.ts";
import { assertOwnSdk } from "./sdk.ts";
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
   * Hands one event to the framework and returns what it means; undefined when it means nothing, as a message without a text.
   * Only one event per room at a time: the framework loses others.
   * Throws the `Failure` of a call to Webex that the framework swallowed, so that the event is tried again; `event.gone` when
   * Webex does not know what the event is about, as a message that was deleted meanwhile.
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

export function createFramework(api: WebexApi, bot: WebexPerson): FrameworkAdapter {
  assertOwnSdk(import.meta.filename);
  const sdk = createSdk(api, bot);
  // The framework passes its token to `init` of the stand-in. A random key, so that it never has the real token.
  const key = randomUUID();
  sdkModule.provide(key, sdk);
  const framework = new FrameworkClass({
    token: key,
    webhookUrl: NO_ADDRESS,
    maxStartupSpaces: 0,
    removeWebhooksOnStart: false,
  });
  framework.getTrigger = async (type, subject) => triggerOf(type, subject);
  /** The call of `dispatch` that waits, by what its event is about. */
  const waiting = new Map<string, (event: FrameworkEvent) => void>();
  subscribe(framework, (subjectId, event) => waiting.get(subjectId)?.(event));

  return {
    async start() {
      await framework.start();
      while (framework.webhook !== false && framework.cardsWebhook.name === undefined) await setImmediate();
    },
    async dispatch(event) {
      const subjectId = subjectOf(event);
      const { sdk: ownSdk, failure, isWritten } = recordFailures(sdk, bot.id);
      let result: FrameworkEvent | undefined;
      waiting.set(subjectId, (received) => {
        result = received;
      });
      try {
        const name = framework.webhook === false ? undefined : framework.webhook.name;
        await createDispatch(withSdk(framework, ownSdk))({ body: { ...event, name }, headers: {} });
      } finally {
        waiting.delete(subjectId);
      }
      if (result === undefined && failure() !== undefined) throw failure();
      // The framework drops a message of a space in whose member list it does not find the bot.
      if (result === undefined && isWritten()) throw unexpectedAnswer("GET memberships");
      return result;
    },
    async stop() {
      await framework.stop();
      sdkModule.withdraw(key);
    },
  };
}

/** Puts the framework into its webhook mode. It registers none (`createSdk`), and its events come by `dispatch`. */
const NO_ADDRESS = "https://webhooks.invalid";

/**
 * The id of a message or a press, or the room of a membership. What was written is answered where Webex says that it was written,
 * whatever the event says: whoever has the webhook secret can send any.
 */
function subjectOf({ resource, data }: WebhookEvent): string {
  return resource === "memberships" ? (data.roomId ?? data.id) : data.id;
}

function subscribe(framework: Framework, pass: (subjectId: string, event: FrameworkEvent) => void): void {
  framework.on("message", (bot, { message }) => {
    if (message) pass(message.id, { kind: "message", message, room: roomInfo(bot) });
  });
  framework.on("attachmentAction", (bot, { attachmentAction: action }) => {
    if (action) pass(action.id, { kind: "press", action, room: roomInfo(bot) });
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

/** The object that an event is about: a 404 for it is normal, and one for anything else is not. */
async function subject<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== "webex.not_found") throw error;
    throw new Failure(GONE, error.message, error.hint, { cause: error });
  }
}

interface RecordedSdk {
  readonly sdk: Sdk;
  failure(): unknown;
  /** A message of somebody else with a text, or a press, was read. */
  isWritten(): boolean;
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
      get: (id: string) => subject(api.membership(id)),
      list: async ({ roomId, personId }: { roomId: string; personId?: string }) =>
        pageOf(await api.memberships({ roomId, ...(personId === undefined ? {} : { personId }) })),
    },
    messages: { get: (id: string) => subject(api.message(id)) },
    attachmentActions: { get: (id: string) => subject(api.action(id)) },
    webhooks: {
      list: async () => pageOf([]),
      create: async (hook: object) => hook,
      remove: async () => undefined,
    },
  };
}

/** The same SDK, which also records the first failure: the framework swallows failures and drops the event. */
function recordFailures(sdk: Sdk, botId: string): RecordedSdk {
  let failure: unknown;
  let isWritten = false;
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
      messages: {
        get: watch(async (id) => {
          const message = await sdk.messages.get(id);
          isWritten = Boolean(message.text) && message.personId !== botId;
          return message;
        }),
      },
      attachmentActions: {
        get: watch(async (id) => {
          const action = await sdk.attachmentActions.get(id);
          isWritten = true;
          return action;
        }),
      },
      webhooks: sdk.webhooks,
    },
    failure: () => failure,
    isWritten: () => isWritten,
  };
}
