import { setTimeout as sleep } from "node:timers/promises";
import { createHttpClient } from "../support/http-client.ts";
import type { Twins } from "./twins.ts";

/** Spaces that watch, and the messages of the bot in them. */
export interface Spaces {
  readonly roomIds: readonly string[];
  /** When the bot's messages in each space were posted, and how each begins, oldest first: those after `since`. */
  messagesSince(since: number): Promise<readonly (readonly BotMessage[])[]>;
  /** The same, once in each space a message after `since` satisfies `is`. */
  until(since: number, is: (message: BotMessage) => boolean): Promise<readonly (readonly BotMessage[])[]>;
  /** Asks the bot something in one of them: its answer, which matches `like`. */
  ask(roomId: string, command: string, like: RegExp): Promise<string>;
}

export interface BotMessage {
  readonly at: number;
  readonly text: string;
}

interface Message {
  readonly id: string;
  readonly personId: string;
  readonly text?: string;
  readonly created: string;
  readonly attachments?: readonly { readonly content: { readonly actions?: readonly Button[] } }[];
}

interface Button {
  readonly title: string;
  readonly data: object;
}

/** An operator opens a space for each of these filters, asks the bot in and sets the watch up; then its first card is there. */
export async function openSpaces(twins: Pick<Twins, "url" | "console">, filters: readonly string[]): Promise<Spaces> {
  const people = await twins.console<{ role: string; token: string; personId: string }[]>("GET", "/people");
  const operator = people.find(({ role }) => role === "operator");
  const bot = people.find(({ role }) => role === "bot")?.personId ?? "";

  const call = createHttpClient(`${twins.url}/v1`, operator?.token);

  async function fromBot(roomId: string): Promise<readonly Message[]> {
    const { items } = await call<{ items: Message[] }>("GET", `/messages?roomId=${roomId}&max=200`);
    return items.filter(({ personId }) => personId === bot).reverse();
  }

  async function seen(roomId: string, is: (message: Message) => boolean): Promise<Message> {
    for (;;) {
      const found = (await fromBot(roomId)).find(is);
      if (found !== undefined) return found;
      await sleep(50);
    }
  }

  const send = (roomId: string, command: string) =>
    call<Message>("POST", "/messages", { roomId, markdown: `<@personId:${bot}|Bot> ${command}` });

  async function open(filter: string): Promise<string> {
    const { id: roomId } = await call<{ id: string }>("POST", "/rooms", { title: `Watching ${filter}` });
    await call("POST", "/memberships", { roomId, personId: bot });
    await send(roomId, `watch ${filter}`.trim());
    const buttonOf = ({ attachments = [] }: Message) =>
      attachments[0]?.content.actions?.find(({ title }) => title === "Watch");
    const preview = await seen(roomId, (message) => buttonOf(message) !== undefined);
    const inputs = buttonOf(preview)?.data;
    await call("POST", "/attachment/actions", { type: "submit", messageId: preview.id, inputs });
    await seen(roomId, ({ text = "" }) => /^\W*Watching \d/.test(text));
    return roomId;
  }

  const roomIds: string[] = [];
  for (const filter of filters) roomIds.push(await open(filter));

  const messagesSince = (since: number) =>
    Promise.all(
      roomIds.map(async (roomId) =>
        (await fromBot(roomId))
          .map(({ created, text = "" }) => ({ at: Date.parse(created), text }))
          .filter(({ at }) => at > since),
      ),
    );
  return {
    roomIds,
    messagesSince,
    async ask(roomId, command, like) {
      const before = new Set((await fromBot(roomId)).map(({ id }) => id));
      await send(roomId, command);
      const { text = "" } = await seen(roomId, (one) => !before.has(one.id) && like.test(one.text ?? ""));
      return text;
    },
    async until(since, is) {
      for (;;) {
        const all = await messagesSince(since);
        if (all.every((messages) => messages.some(is))) return all;
        await sleep(100);
      }
    },
  };
}
