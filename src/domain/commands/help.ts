import type { CommandDefinition } from "./definition.ts";
import { formatWord, joinParts } from "./format-terms.ts";
import { HIDDEN } from "./free-words.ts";
import { isNoiseWord } from "./noise-words.ts";
import { parsed } from "./parse-error.ts";
import { type Token, unquotedWord } from "./tokenize.ts";
import { GREETINGS } from "./vocabulary.ts";

export interface HelpCommand {
  readonly name: "help";
  readonly topic?: string;
}

export const help: CommandDefinition<HelpCommand> = {
  words: ["help", "?", "commands", "menu", ...GREETINGS],
  suggested: { byEdits: ["help"] },
  needs: "viewer",
  confidential: false,
  help: [
    {
      usage: "help customers",
      does: "more about one command",
      more: ["Everything on a button can be typed, and the other way round."],
    },
  ],
  withoutFreeWords: (command) => (command.topic === undefined ? command : { ...command, topic: HIDDEN }),
  parse: ({ rest }) => parsed(parseHelp(rest)),
  format: ({ topic }, write) => joinParts("help", topic !== undefined && formatWord(topic, write)),
};

function parseHelp(rest: readonly Token[]): HelpCommand {
  const topic = rest
    .filter((token) => !isNoiseWord(unquotedWord(token)) && unquotedWord(token) !== "?")
    .map((token) => (token.kind === "pair" ? token.key : token.word.text))
    .filter((text) => text !== "")
    .join(" ");
  return topic === "" ? { name: "help" } : { name: "help", topic };
}
