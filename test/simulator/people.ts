import type { Attachment, Message } from "../../src/sandbox/world/webex-records.ts";
import { handOver } from "./network.ts";
import type { Simulation } from "./simulation.ts";

const HOST = "127.0.0.1:4000";

/** A person of the world as a Webex client: every call goes through the public REST API, without latency. */
export function createClient(
  { server, world }: Pick<Simulation, "server" | "world">,
  role: "operator" | "admin" | "viewer",
) {
  const [person] = world.people.byRole(role);
  if (person === undefined) throw new Error(`The world has no ${role}.`);
  const { bot } = world.people;

  async function call<T>(method: string, path: string, body?: object): Promise<T> {
    const headers = { authorization: `Bearer ${person?.token}`, "content-type": "application/json" };
    const sent = Buffer.from(body === undefined ? "" : JSON.stringify(body));
    const answer = await handOver(server, { method, path: `/v1${path}`, headers, body: sent }, HOST);
    if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.status} ${answer.body}`);
    return answer.body.length === 0 ? (undefined as T) : JSON.parse(answer.body.toString());
  }

  /** The bot's messages in a room, newest first. */
  async function fromBot(roomId: string): Promise<readonly Message[]> {
    const { items } = await call<{ items: Message[] }>("GET", `/messages?roomId=${roomId}&max=1000`);
    return items.filter(({ personId }) => personId === bot.id);
  }

  return {
    call,
    fromBot,
    /** A new group space with the bot in it; returns its id. */
    async createSpace(title: string): Promise<string> {
      const { id } = await call<{ id: string }>("POST", "/rooms", { title });
      await call("POST", "/memberships", { roomId: id, personId: bot.id });
      return id;
    },
    say: (roomId: string, text: string) =>
      call("POST", "/messages", { roomId, markdown: `<@personId:${bot.id}|${bot.displayName}> ${text}` }),
    /** Presses the button on the newest card that has it; false if there is none. */
    async press(roomId: string, title: string): Promise<boolean> {
      for (const message of await fromBot(roomId)) {
        const button = buttonsOf(message.attachments).find(
          (one) => one.title === title || one.title.startsWith(`${title} `),
        );
        if (button === undefined) continue;
        await call("POST", "/attachment/actions", { type: "submit", messageId: message.id, inputs: button.data });
        return true;
      }
      return false;
    },
  };
}

interface Button {
  readonly title: string;
  readonly data: Readonly<Record<string, unknown>>;
}

function buttonsOf(attachments: readonly Attachment[] = []): readonly Button[] {
  return attachments.flatMap(({ content }) => (Array.isArray(content.actions) ? (content.actions as Button[]) : []));
}
