import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import type { Role } from "../../src/sandbox/world/people.ts";
import { EDITS_REFUSED } from "./edits.ts";
import { createHttpClient } from "./http-client.ts";
import { until } from "./until.ts";

/** The fields of a Webex message that tests read. */
export interface Message {
  readonly id: string;
  readonly roomId: string;
  readonly personId: string;
  readonly text?: string;
  readonly parentId?: string;
  readonly created: string;
  readonly updated?: string;
  readonly files?: readonly string[];
  readonly attachments?: readonly { readonly contentType: string; readonly content: Card }[];
}

export interface Card {
  readonly body: readonly Record<string, unknown>[];
  readonly actions?: readonly { readonly title: string; readonly data: Record<string, string> }[];
}

type MessageTarget = "direct" | { readonly roomId: string; readonly parentId?: string };

/** A pattern of the text, or a test of the whole message. */
export type MessageTest = RegExp | ((message: Message) => boolean);

/** One of the sandbox's people as a Webex client: every call goes through the public REST API. */
export type Person = ReturnType<typeof createPerson>;

/** @param nth which of the people of this role, from 0 */
export function createPerson({ url, world }: Pick<Sandbox, "url" | "world">, role: Role, nth = 0) {
  const { bot } = world.people;
  const me = world.people.byRole(role)[nth];
  if (me === undefined) throw new Error(`the sandbox has no ${role} ${nth}`);
  const { id: personId, displayName, email, token } = me;
  const call = createHttpClient(`${url}/v1`, token);

  /** The bot's messages in a room, oldest first. */
  async function fromBot(roomId: string): Promise<readonly Message[]> {
    const { items } = await call<{ items: Message[] }>("GET", `/messages?roomId=${roomId}&max=1000`);
    return items.filter(({ personId }) => personId === bot.id).reverse();
  }

  /** Sends a message to the bot: with a mention in a group space, without one in a 1:1 space. */
  async function send(text: string, to: MessageTarget): Promise<Message> {
    if (to === "direct") return call("POST", "/messages", { toPersonId: bot.id, text });
    const markdown = `<@personId:${bot.id}|${bot.displayName}> ${text}`;
    return call("POST", "/messages", { ...to, markdown });
  }

  /** Sends a message and waits for the bot's answer. */
  async function ask(text: string, to: MessageTarget = "direct"): Promise<Message> {
    const known = await (to === "direct" ? directHistory() : fromBot(to.roomId));
    const before = new Set(known.map(({ id }) => id));
    const { roomId } = await send(text, to);
    return until(async () => {
      const answer = (await fromBot(roomId)).find(({ id }) => !before.has(id));
      if (answer === undefined || isUnderWay(answer)) throw new Error(`no answer to “${text}”`);
      return answer;
    });
  }

  async function directHistory(): Promise<readonly Message[]> {
    const { items } = await call<{ items: { id: string; type: string }[] }>("GET", "/rooms?type=direct&max=100");
    const all = await Promise.all(items.map(({ id }) => fromBot(id)));
    return all.flat();
  }

  /** Presses the button of this title, with these values in the card's inputs. */
  async function press(message: Message, title: string, inputs: Record<string, string> = {}): Promise<void> {
    const action = cardOf(message).actions?.find((candidate) => candidate.title === title);
    if (action === undefined) throw new Error(`no button “${title}” on ${titlesOf(message)}`);
    const merged = { ...inputs, ...action.data };
    await call("POST", "/attachment/actions", { type: "submit", messageId: message.id, inputs: merged });
  }

  /** Waits for a message of the bot that matches, and returns the newest one: an older card may be edited to match too. */
  function waitForMessage(roomId: string, test: MessageTest): Promise<Message> {
    return until(async () => {
      const all = await fromBot(roomId);
      const found = all.findLast((message) => matchesMessage(message, test));
      if (found === undefined) throw new Error(`no such message yet, but ${firstLinesOf(all.slice(-5))}`);
      return found;
    });
  }

  /** Waits until this card has been edited so that it matches; where edits are refused, until a newer message does. */
  const waitForEdit = (card: Message, test: MessageTest) => {
    const isEdit = ({ id, created }: Message) =>
      EDITS_REFUSED ? id !== card.id && created >= card.created : id === card.id;
    return waitForMessage(card.roomId, (message) => isEdit(message) && matchesMessage(message, test));
  };

  /** Waits until this card has a button of this title. */
  const waitForButton = (card: Message, title: string) =>
    waitForEdit(card, (message) => titlesOf(message).includes(title));

  return {
    personId,
    displayName,
    email,
    token,
    call,
    fromBot,
    send,
    ask,
    press,
    waitForMessage,
    waitForEdit,
    waitForButton,
  };
}

/** On a slow machine, or behind a slow API, the answer takes the place of this message. */
export const isUnderWay = ({ text = "" }: Pick<Message, "text">): boolean => text.startsWith("Working on “");

const matchesMessage = (message: Message, test: MessageTest): boolean =>
  test instanceof RegExp ? test.test(message.text ?? "") : test(message);

/** The messages of the room, for the error of a wait that failed. */
const firstLinesOf = (messages: readonly Message[]): string =>
  JSON.stringify(messages.map(({ created, text = "" }) => `${created} ${text.split("\n")[0]?.slice(0, 100)}`));

export function cardOf(message: Message): Card {
  const card = message.attachments?.[0]?.content;
  if (card === undefined) throw new Error(`no card on: ${message.text}`);
  return card;
}

/** The titles of the card's buttons. */
export const titlesOf = (message: Message): readonly string[] =>
  (cardOf(message).actions ?? []).map(({ title }) => title);

/** The choices of the list card's picker: the customers that can be opened. */
export function choicesOf(message: Message): readonly { readonly title: string; readonly value: string }[] {
  const picker = cardOf(message).body.find(({ id }) => id === "customer");
  return (picker?.choices ?? []) as { title: string; value: string }[];
}
