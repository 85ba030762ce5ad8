import type { Presence } from "../domain/ports/messaging.ts";
import { Failure } from "../errors.ts";
import type { WebexApi } from "./api.ts";

/** Asks Webex about the bot itself, before a refused message is taken for more than that (ALERTS 29). */
export function createPresence(
  api: Pick<WebexApi, "me" | "room" | "memberships">,
  bot: { readonly id: string },
): Presence {
  return {
    isTokenAccepted: () => answerOf(api.me(), ["webex.unauthorized"]),
    async isMember(roomId) {
      const memberships = api.memberships({ roomId, personId: bot.id });
      const [room, member] = await Promise.all([
        answerOf(api.room(roomId), REFUSED),
        answerOf(
          memberships.then((list) => list.some(({ personId }) => personId === bot.id)),
          REFUSED,
        ),
      ]);
      return room === member ? room : undefined;
    },
  };
}

const REFUSED = ["webex.forbidden", "webex.not_found"];

/** True unless the call returns false or is refused; undefined after any other failure, which says nothing. */
async function answerOf(call: Promise<unknown>, refusals: readonly string[]): Promise<boolean | undefined> {
  try {
    return (await call) !== false;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return refusals.includes(error.code) ? false : undefined;
  }
}
