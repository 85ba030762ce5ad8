import type { CommandDefinition } from "./definition.ts";
import { isNoiseWord } from "./noise-words.ts";
import { type ParseResult, parsed, parseError, quote } from "./parse-error.ts";
import { bareToken, type Token, unquotedWord } from "./tokenize.ts";

/** Shows customer data in this space although guests are in it (PRODUCT 5). */
export interface AllowCommand {
  readonly name: "allow";
}

export interface DisallowCommand {
  readonly name: "disallow";
}

export const allow: CommandDefinition<AllowCommand> = {
  words: ["allow"],
  suggested: { byEdits: ["allow"] },
  needs: "admin",
  confidential: false,
  help: [
    {
      also: ["disallow", "space"],
      usage: "allow space",
      does: "lets a space with guests see customer data; disallow space ends that",
      more: ["Only an admin can do this, and only in the space itself."],
    },
  ],
  parse: ({ rest }) => parseSpace("allow", rest),
  format: () => "allow space",
};

export const disallow: CommandDefinition<DisallowCommand> = {
  words: ["disallow"],
  suggested: { byEdits: ["disallow"] },
  needs: "admin",
  confidential: false,
  help: [],
  parse: ({ rest }) => parseSpace("disallow", rest),
  format: () => "disallow space",
};

function parseSpace<N extends "allow" | "disallow">(
  name: N,
  rest: readonly Token[],
): ParseResult<{ readonly name: N }> {
  const words = rest.map(unquotedWord).filter((word) => !isNoiseWord(word));
  if (words.length === 1 && (words[0] === "space" || words[0] === "room")) return parsed({ name });
  return parseError(
    `${quote(name)} is about a whole space.`,
    `In the space that is meant, send “${name} space”.`,
    [name, "space"].map(bareToken),
  );
}
