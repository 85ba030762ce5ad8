import type { CommandDefinition, Message } from "./definition.ts";
import { LAST_PAGE } from "./list.ts";
import { isNoiseWord } from "./noise-words.ts";
import { type ParseResult, parsed } from "./parse-error.ts";
import { type Token, unquotedWord } from "./tokenize.ts";

/** `next`, `prev`, `page 3`, `refresh`, `back`: about what this person last saw in the space (`completeCommand`). */
export interface TurnCommand {
  readonly name: "turn";
  readonly to: Turn;
}

/** A number is a page. */
type Turn = "next" | "prev" | "refresh" | "back" | number;

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
  words: [...TURNS.keys(), "page"],
  suggested: { bySlip: ["refresh", "previous"] },
  needs: "viewer",
  confidential: false,
  help: [
    {
      also: ["prev", "page", "refresh", "back", "more"],
      usage: "next",
      does: "turns the list that you last saw here; also prev, page 3, refresh and back",
      more: ["refresh asks Webex again; back returns from a customer to the list."],
    },
  ],
  parse: parseTurn,
  format: ({ to }) => (typeof to === "number" ? `page ${to}` : to),
};

/** "next page, please"; other words make it a name: `Next plc`. */
function parseTurn({ word, rest }: Message): ParseResult<TurnCommand> | undefined {
  const to = word === "page" ? pageNumber(rest[0]) : TURNS.get(word);
  const isTurn = rest.slice(word === "page" ? 1 : 0).every((token) => {
    const next = unquotedWord(token);
    return isNoiseWord(next) || NOUNS.has(next ?? "");
  });
  return to !== undefined && isTurn ? parsed({ name: "turn", to }) : undefined;
}

function pageNumber(token: Token | undefined): number | undefined {
  const page = /^\d{1,15}$/.test(unquotedWord(token) ?? "") ? Number(unquotedWord(token)) : 0;
  return page >= 1 && page <= LAST_PAGE ? page : undefined;
}

const NOUNS: ReadonlySet<string> = new Set("page pages list customers results rows".split(" "));
