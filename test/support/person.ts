import { createHttpClient } from "./http-client.ts";
import { until } from "./until.ts";

/** A message as Webex gives it, as far as tests read it. */
export interface SeenMessage {
  readonly id: string;
  readonly roomId: string;
  readonly personId: string;
  readonly text?: string;
  readonly parentId?: string;
  readonly created: string;
  readonly updated?: string;
  readonly attachments?: readonly { readonly contentType: string; readonly content: Card }[];
}

export interface Card {
  readonly body: readonly Record<string, unknown>[];
  readonly actions?: readonly { readonly title: string; readonly data: Record<string, string> }[];
}

interface Identity {
  readonly role: string;
  readonly displayName: string;
  readonly email: string;
  readonly personId: string;
  readonly token: string;
}

/** One of the sandbox's people, as a Webex client: everything goes through the public REST API. */
export type Person = Awaited<ReturnType<typeof createPerson>>;

export function createPerson(url: string, me: Identity, bot: Identity) {
  const call = createHttpClient(`${url}/v1`, me.token);

  /** All messages of a room that this person sees, oldest first. */
  async function read(roomId: string): Promise<readonly SeenMessage[]> {
    const { items } = await call<{ items: SeenMessage[] }>("GET", `/messages?roomId=${roomId}&max=1000`);
    return items.reverse();
  }

  const fromBot = async (roomId: string) => (await read(roomId)).filter(({ personId }) => personId === bot.personId);

  /** Says something to the bot: with a mention in a group space, plainly in a 1:1 space. */
  async function say(text: string, to: { roomId: string; parentId?: string } | "direct"): Promise<SeenMessage> {
    if (to === "direct") return call("POST", "/messages", { toPersonId: bot.personId, text });
    return call("POST", "/messages", {
      ...to,
      markdown: `<@personId:${bot.personId}|${bot.displayName}> ${text}`,
    });
  }

  /** Says something and waits for the message with which the bot answers. */
  async function ask(
    text: string,
    to: { roomId: string; parentId?: string } | "direct" = "direct",
  ): Promise<SeenMessage> {
    const known = to === "direct" ? undefined : await fromBot(to.roomId);
    const before = new Set((known ?? (await directHistory())).map(({ id }) => id));
    const { roomId } = await say(text, to);
    return until(async () => {
      const answer = (await fromBot(roomId)).find(({ id }) => !before.has(id));
      if (answer === undefined) throw new Error(`no answer to “${text}”`);
      return answer;
    });
  }

  async function directHistory(): Promise<readonly SeenMessage[]> {
    const { items } = await call<{ items: { id: string; type: string }[] }>("GET", "/rooms?type=direct&max=100");
    const all = await Promise.all(items.map(({ id }) => fromBot(id)));
    return all.flat();
  }

  /** Presses the button of this title, with what was put into the card's inputs. */
  async function press(
    message: SeenMessage,
    title: string,
    inputs: Record<string, string> = {},
  ): Promise<{ id: string }> {
    const action = cardOf(message).actions?.find((candidate) => candidate.title === title);
    if (action === undefined) throw new Error(`no button “${title}” on ${titlesOf(message)}`);
    const merged = { ...inputs, ...action.data };
    return call("POST", "/attachment/actions", { type: "submit", messageId: message.id, inputs: merged });
  }

  /** Waits until a message of the room satisfies `is`, and returns it: the newest, as an older card may come to show the same. */
  function waitForMessage(roomId: string, is: (message: SeenMessage) => boolean): Promise<SeenMessage> {
    return until(async () => {
      const all = await fromBot(roomId);
      const found = all.findLast(is);
      if (found === undefined) throw new Error(`not seen yet, but ${firstLinesOf(all.slice(-5))}`);
      return found;
    });
  }

  return { ...me, call, read, fromBot, say, ask, press, see: waitForMessage };
}

/** What was seen instead, for whoever looks into it. */
const firstLinesOf = (messages: readonly SeenMessage[]): string =>
  JSON.stringify(messages.map(({ created, text = "" }) => `${created} ${text.split("\n")[0]?.slice(0, 100)}`));

export function cardOf(message: SeenMessage): Card {
  const card = message.attachments?.[0]?.content;
  if (card === undefined) throw new Error(`no card on: ${message.text}`);
  return card;
}

export function titlesOf(message: SeenMessage): readonly string[] {
  return (cardOf(message).actions ?? []).map(({ title }) => title);
}

/** The choices of the list card's picker: what a person can open. */
export function choicesOf(message: SeenMessage): readonly { readonly title: string; readonly value: string }[] {
  const picker = cardOf(message).body.find(({ id }) => id === "customer");
  return (picker?.choices ?? []) as { title: string; value: string }[];
}
