import type { WebexApi } from "./api.ts";
import type { WebexPerson } from "./wire.ts";

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
