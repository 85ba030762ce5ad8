import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { createPerson, type Message } from "../support/person.ts";
import type { BotRun } from "./bot-run.ts";
import { STEPS, type Step } from "./clients.ts";

/** For each step the reason why it failed; undefined where it was done. */
export type Outcomes = Readonly<Record<Step, string | undefined>>;

/** A person meets the bot in a new space: invites it, mentions it, asks for a card and presses its button. */
export async function meet(sandbox: Sandbox, bot: BotRun): Promise<Outcomes> {
  const ana = createPerson(sandbox, "viewer");
  const { id: roomId } = await ana.call<{ id: string }>("POST", "/rooms", { title: "A new bot" });
  const find = async (test: (message: Message) => boolean) => (await ana.fromBot(roomId)).find(test);
  const hear = (text: string) => bot.waitFor(`“${text}”`, () => find((message) => message.text === text));
  const seeCard = () => bot.waitFor("a card", () => find(({ attachments }) => attachments !== undefined));
  const steps: Readonly<Record<Step, () => Promise<unknown>>> = {
    async greet() {
      await bot.waitFor("the bot's start", bot.isReady);
      await ana.call("POST", "/memberships", { roomId, personId: sandbox.world.people.bot.id });
      await hear("Hello, I am here.");
    },
    async hear() {
      await ana.send("ping", { roomId });
      await hear("I heard ping.");
    },
    async card() {
      await ana.send("card", { roomId });
      await seeCard();
    },
    async press() {
      await ana.press(await seeCard(), "Blue");
      await hear("You pressed blue.");
    },
  };
  const outcomes: Partial<Record<Step, string>> = {};
  for (const step of STEPS) {
    const reason = await reasonOfFailure(steps[step]);
    if (reason !== undefined) outcomes[step] = reason;
  }
  return { greet: undefined, hear: undefined, card: undefined, press: undefined, ...outcomes };
}

async function reasonOfFailure(step: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await step();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
