import type { CommandDefinition } from "./definition.ts";
import { isNoiseWord } from "./noise-words.ts";
import { parsed } from "./parse-error.ts";
import { unquotedWord } from "./tokenize.ts";

/** `outbox` shows what waits and what was given up; `outbox now` sends it at once. */
export interface OutboxCommand {
  readonly name: "outbox";
  readonly sendsAgain: boolean;
}

export const outbox: CommandDefinition<OutboxCommand> = {
  words: ["outbox"],
  suggested: { bySlip: ["outbox"] },
  needs: "operator",
  confidential: true,
  help: [
    {
      usage: "outbox",
      does: "shows messages that could not be delivered, and why; outbox now sends them at once",
      more: ["It is about all spaces. What was given up is tried again after 1 h, 4 h, then daily."],
    },
  ],
  parse({ rest }) {
    const words = rest.map(unquotedWord);
    if (!words.every((word) => word === "now" || isNoiseWord(word))) return undefined;
    return parsed({ name: "outbox", sendsAgain: words.includes("now") });
  },
  format: ({ sendsAgain }) => (sendsAgain ? "outbox now" : "outbox"),
};
