import type { CommandDefinition, Message } from "./definition.ts";
import { joinParts } from "./format-terms.ts";
import { isNoiseWord } from "./noise-words.ts";
import { type ParseResult, parsed } from "./parse-error.ts";
import { unquotedWord } from "./tokenize.ts";

/** `code 2560`: what an error code means. Without a number it is that of the thread, or the commonest ones. */
export interface CodeCommand {
  readonly name: "code";
  readonly code?: number;
}

export const code: CommandDefinition<CodeCommand> = {
  words: ["code", "codes", "explain"],
  needs: "viewer",
  confidential: true,
  help: [
    {
      also: ["error code"],
      usage: "code 2560",
      does: "what an error code means, whose turn it is, what to try, and what the bot remembers of it",
      more: [
        "How many packages have it now, how often it came in the last 90 days, how long it took to recover, and if a retry came before.",
        "A code without an entry is shown with the text of the API alone; whoever runs the bot can add entries with CODES_FILE.",
        "customers code=2560 lists the customers that have it.",
      ],
    },
  ],
  parse: parseCode,
  format: ({ code }) => joinParts("code", code !== undefined && String(code)),
};

/** Several codes, or other words, are a list of customers: `code 2560 status=error`. */
function parseCode({ word, rest }: Message): ParseResult<CodeCommand> | undefined {
  const words = rest.map(unquotedWord).filter((one) => !isNoiseWord(one) && !NOUNS.has(one ?? ""));
  const [number, ...others] = words;
  if (words.length === 0) return word !== "explain" ? parsed({ name: "code" }) : undefined;
  const digits = /^#?(\d{1,10})$/.exec(number ?? "")?.[1];
  if (digits === undefined || others.length > 0) return undefined;
  return parsed({ name: "code", code: Number(digits) });
}

const NOUNS: ReadonlySet<string> = new Set(["error", "code", "mean", "means", "meaning"]);
