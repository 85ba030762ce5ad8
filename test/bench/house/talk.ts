import { setTimeout as sleep } from "node:timers/promises";
import type { Call } from "./processes.ts";

interface Message {
  readonly id: string;
  readonly personId: string;
  readonly attachments?: readonly { readonly content: { readonly actions?: readonly Action[] } }[];
}

type Action = Readonly<{ title: string; data: object }>;
type Person = Readonly<Record<"role" | "personId" | "displayName" | "token", string>>;
type Received = Readonly<Record<"method" | "path" | "by", string>>;

const STEP_MS = 20;
const PATIENCE_MS = 60_000;
/** The bot has finished what it was doing when it makes no call for this long. */
const QUIET_MS = 1_000;

/** An operator in a new group space with the bot, over the public API of the twins. */
export async function openTalk(call: Call) {
  const people = await call<Person[]>("GET", "/sandbox/people");
  const [me, bot] = ["operator", "bot"].map((role) => people.find((person) => person.role === role));
  if (me === undefined || bot === undefined) throw new Error("The sandbox has no operator or no bot.");
  const asMe = <T>(method: string, path: string, body?: object): Promise<T> =>
    call(method, `/v1${path}`, body, me.token);
  const { id: roomId } = await asMe<{ id: string }>("POST", "/rooms", { title: "Bench" });

  const botCalls = async (): Promise<readonly Received[]> => {
    const { calls } = await call<{ calls: Received[] }>("GET", "/sandbox/calls");
    return calls.filter(({ by }) => by === "bot" || by === "wholesale");
  };

  /** Does something, and waits for a call of the bot by this method below this path. */
  async function untilCalled(method: RegExp, path: string, act: () => unknown): Promise<void> {
    await call("DELETE", "/sandbox/calls");
    await act();
    const isIt = (one: Received): boolean => method.test(one.method) && one.path.startsWith(path);
    await until(`a call of ${path}`, async () => (await botCalls()).some(isIt));
  }

  return {
    /** Waits until a sweep has begun and ended. */
    async nextSweep(): Promise<void> {
      await untilCalled(/GET/, "/wholesale/customers", () => undefined);
      let [count, since] = [0, Date.now()];
      await until("the end of a sweep", async () => {
        const { length } = await botCalls();
        if (length !== count) [count, since] = [length, Date.now()];
        return Date.now() - since > QUIET_MS;
      });
    },
    /** Does something, and waits until the bot posts or edits a message. Returns the bot's newest one in the space. */
    async answerTo(act: () => unknown): Promise<Message | undefined> {
      await untilCalled(/POST|PUT/, "/messages", act);
      const { items } = await asMe<{ items: Message[] }>("GET", `/messages?roomId=${roomId}`);
      return items.find(({ personId }) => personId === bot.personId);
    },
    invite: () => asMe("POST", "/memberships", { roomId, personId: bot.personId }),
    send(text: string): Promise<unknown> {
      const markdown = `<@personId:${bot.personId}|${bot.displayName}> ${text}`;
      return asMe("POST", "/messages", { roomId, markdown });
    },
    press(message: Message | undefined, title: RegExp): Promise<unknown> {
      const actions = message?.attachments?.[0]?.content.actions ?? [];
      const action = actions.find((candidate) => title.test(candidate.title));
      if (action === undefined) throw new Error(`No button ${title} among: ${actions.map((one) => one.title)}`);
      const pressed = { type: "submit", messageId: message?.id, inputs: action.data };
      return asMe("POST", "/attachment/actions", pressed);
    },
  };
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await sleep(STEP_MS)) {
    if (await isSo()) return;
  }
  throw new Error(`Waited ${PATIENCE_MS / 1000} seconds for ${what}.`);
}
