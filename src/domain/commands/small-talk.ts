import type { CommandDefinition, Message } from "./definition.ts";
import { isNoiseWord } from "./noise-words.ts";
import { type ParseResult, parsed } from "./parse-error.ts";
import { unquotedWord } from "./tokenize.ts";

/** Words to the bot that are no search: `yes` to what its last card asked, `no`, `thanks`. */
export interface SmallTalkCommand {
  readonly name: "smallTalk";
  readonly says: "yes" | "no" | "thanks";
}

const MEANINGS: ReadonlyMap<string, SmallTalkCommand["says"]> = new Map([
  ..."yes yep yeah yup sure ok okay k".split(" ").map((word) => [word, "yes"] as const),
  ..."no n nope cancel abort nevermind".split(" ").map((word) => [word, "no"] as const),
  ..."thanks thank thx ty cheers".split(" ").map((word) => [word, "thanks"] as const),
]);

export function meansThanks(word: string): boolean {
  return MEANINGS.get(word) === "thanks";
}

export const smallTalk: CommandDefinition<SmallTalkCommand> = {
  words: [...MEANINGS.keys()],
  needs: "viewer",
  confidential: false,
  help: [],
  parse: parseSmallTalk,
  format: ({ says }) => says,
};

/** "ok thanks", "yes please"; other words make it a search: `OK Tire`, "no errors". */
function parseSmallTalk({ word, rest }: Message): ParseResult<SmallTalkCommand> | undefined {
  const says = MEANINGS.get(word);
  const isAll = rest.every((token) => {
    const next = unquotedWord(token) ?? "";
    return isNoiseWord(next) || MEANINGS.has(next);
  });
  return says !== undefined && isAll ? parsed({ name: "smallTalk", says }) : undefined;
}
