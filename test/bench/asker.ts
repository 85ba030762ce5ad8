import { createHttpClient } from "../support/http-client.ts";
import { cardOf, type Message } from "../support/person.ts";
import { watchBotCards } from "./bot-cards.ts";
import type { Twins } from "./twins.ts";

/** People who ask the bot, each in spaces of their own. */
export interface Asker {
  /** @param space the number of the space, from 0. @returns undefined when the answer is lost */
  ask(space: number, text: string): Promise<Answer | undefined>;
  /** Presses the button of this title on a card of that space. */
  press(space: number, card: Message, title: string): Promise<Answer | undefined>;
  /** How many answers never came. */
  lost(): number;
  close(): void;
}

export interface Answer {
  /** From sending the message, or the press, until the bot's card is in the space. */
  readonly ms: number;
  readonly card: Message;
}

interface Person {
  readonly role: string;
  readonly token: string;
  readonly personId: string;
}

/**
 * The provider's people open so many spaces in turn, and ask the bot in.
 * @param lostMs after which an answer counts as lost; half a minute without it
 */
export async function openAsker(twins: Twins, spaces: number, lostMs?: number): Promise<Asker> {
  const people = await twins.console<readonly Person[]>("GET", "/people");
  const bot = people.find(({ role }) => role === "bot")?.personId ?? "";
  const asking = people.filter(({ role }) => !["bot", "outsider"].includes(role));
  const calls = Array.from({ length: spaces }, (_, at) =>
    createHttpClient(`${twins.url}/v1`, asking[at % asking.length]?.token),
  );
  const rooms = await Promise.all(
    calls.map(async (call, at) => {
      const { id: roomId } = await call<{ id: string }>("POST", "/rooms", { title: `Space ${at}` });
      await call("POST", "/memberships", { roomId, personId: bot });
      return { roomId, call };
    }),
  );
  const cards = await watchBotCards(twins, bot, lostMs);
  let lost = 0;

  async function answerTo(space: number, path: string, body: object): Promise<Answer | undefined> {
    const room = rooms[space];
    if (room === undefined) throw new Error(`There is no space ${space}.`);
    const { roomId, call } = room;
    const begun = performance.now();
    const [seen] = await Promise.all([cards.next(roomId), call("POST", path, { roomId, ...body })]);
    if (seen === undefined) lost += 1;
    return seen && { ms: seen.at - begun, card: seen.message };
  }

  return {
    ask: (space, text) => answerTo(space, "/messages", { markdown: `<@personId:${bot}|Bot> ${text}` }),
    press(space, card, title) {
      const inputs = cardOf(card).actions?.find((action) => action.title === title)?.data;
      return answerTo(space, "/attachment/actions", { type: "submit", messageId: card.id, inputs });
    },
    lost: () => lost,
    close: cards.close,
  };
}
