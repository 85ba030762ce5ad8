import type { CommandDefinition, Message } from "./definition.ts";
import { isNoiseWord } from "./noise-words.ts";
import { type ParseResult, parsed } from "./parse-error.ts";
import { unquotedWord } from "./tokenize.ts";

/** `next`, `prev`, `refresh`, `back`: about what this person last saw in the space (`completeCommand`). */
export interface TurnCommand {
  readonly name: "turn";
  readonly to: Turn;
}

type Turn = "next" | "prev" | "refresh" | "back";

const TURNS: ReadonlyMap<string, Turn> = new Map<string, Turn>([
  ["next", "next"],
  ["more", "next"],
  ["prev", "prev"],
  ["previous", "prev"],
  ["refresh", "refresh"],
  ["reload", "refresh"],
  ["back", "back"],
]);

export const turn: CommandDefinition<TurnCommand> = {
  words: [...TURNS.keys()],
  suggested: { bySlip: ["refresh", "previous"] },
  needs: "viewer",
  confidential: false,
  help: [
    {
      also: ["prev", "refresh", "back", "more"],
      usage: "next",
      does: "turns the list that you last saw here; also prev, refresh and back",
      more: ["refresh asks Webex again; back returns from a customer to the list."],
    },
  ],
  parse: parseTurn,
  format: ({ to }) => to,
};

/** "next page, please"; other words make it a name: `Next plc`. */
function parseTurn({ word, rest }: Message): ParseResult<TurnCommand> | undefined {
  const to = TURNS.get(word);
  const isTurn = rest.every((token) => {
    const next = unquotedWord(token);
    return isNoiseWord(next) || NOUNS.has(next ?? "");
  });
  return to !== undefined && isTurn ? parsed({ name: "turn", to }) : undefined;
}

const NOUNS: ReadonlySet<string> = new Set("page pages list customers results rows".split(" "));
