import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { createInterface } from "node:readline";
import { isUnderWay, type Message } from "../support/person.ts";
import type { Twins } from "./twins.ts";

/** The cards that the bot posts or edits, as the event stream of the twins reports them: at once, and without asking. */
export interface BotCards {
  /** The next one in this space, and when it came by `performance.now()`; undefined when none comes in time. */
  next(roomId: string): Promise<SeenCard | undefined>;
  close(): void;
}

export interface SeenCard {
  readonly at: number;
  readonly message: Message;
}

interface MessageChange {
  readonly action: "created" | "updated" | "deleted";
  readonly message: Message;
}

const LOST_MS = 30_000;

export async function watchBotCards(
  { url }: Pick<Twins, "url">,
  botId: string,
  lostMs: number = LOST_MS,
): Promise<BotCards> {
  const request = get(`${url}/sandbox/events`);
  const [stream]: IncomingMessage[] = await once(request, "response");
  if (stream?.statusCode !== 200) throw new Error(`The event stream of the twins answers ${stream?.statusCode}.`);
  const waiting = new Map<string, (seen: SeenCard) => void>();
  let type = "";
  createInterface({ input: stream }).on("line", (line) => {
    const at = performance.now();
    const [, name, value = ""] = /^(event|data): (.*)/.exec(line) ?? [];
    if (name === "event") type = value;
    if (name !== "data" || type !== "message") return;
    const { action, message }: MessageChange = JSON.parse(value);
    const isCard = message.attachments !== undefined && action !== "deleted" && !isUnderWay(message);
    if (isCard && message.personId === botId) waiting.get(message.roomId)?.({ at, message });
  });

  return {
    next: (roomId) =>
      new Promise((resolve) => {
        const end = (seen?: SeenCard): void => {
          clearTimeout(timer);
          waiting.delete(roomId);
          resolve(seen);
        };
        const timer = setTimeout(end, lostMs);
        waiting.set(roomId, end);
      }),
    close: () => void stream.destroy(),
  };
}
