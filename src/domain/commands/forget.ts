import { normalizeName } from "../customers/filter.ts";
import type { CommandDefinition } from "./definition.ts";
import { joinParts } from "./format-terms.ts";
import { HIDDEN } from "./free-words.ts";
import { yesOrNo } from "./list.ts";
import { isNoiseWord } from "./noise-words.ts";
import { parsed } from "./parse-error.ts";
import { type Token, unquotedWord } from "./tokenize.ts";

/** `forget ada@example.com`: what it would mean first, then the same with `confirm=yes`. */
export interface ForgetCommand {
  readonly name: "forget";
  /** An address, an id or a name; absent when none was given. */
  readonly person?: string;
  readonly confirmed: boolean;
}

export const forget: CommandDefinition<ForgetCommand> = {
  words: ["forget"],
  suggested: { bySlip: ["forget"] },
  needs: "admin",
  confidential: true,
  help: [
    {
      usage: "forget ada@example.com",
      does: "removes what is kept about a person who left; says first what that is",
      more: ["By e-mail address, by ID, or by name. The audit keeps the rows of that person with the role alone."],
    },
  ],
  withoutFreeWords: (command) => (command.person === undefined ? command : { ...command, person: HIDDEN }),
  parse: ({ rest }) => parsed(parseForget(rest)),
  format: ({ person, confirmed }, write) =>
    joinParts("forget", person !== undefined && `person=${write(person, { bare: true })}`, confirmed && "confirm=yes"),
};

function parseForget(tokens: readonly Token[]): ForgetCommand {
  const confirm = tokens.find((token) => keyOf(token) === "confirm");
  const words = tokens.filter((token) => token !== confirm && !isNoiseWord(unquotedWord(token))).flatMap(textsOf);
  const person = words.join(" ");
  const confirmed = confirm?.kind === "pair" && yesOrNo(confirm.values[0]?.text ?? "") === true;
  return { name: "forget", ...(person !== "" && { person }), confirmed };
}

const keyOf = (token: Token): string => (token.kind === "pair" ? normalizeName(token.key) : "");

function textsOf(token: Token): readonly string[] {
  const words = token.kind === "pair" ? token.values : [token.word];
  return words.map(({ text }) => text).filter((text) => text !== "");
}
