import type { Command } from "./command.ts";
import { type ParseResult, parsed, parseError } from "./slip.ts";
import { bareWord, plainWord, type Token, unquotedWord, wordToken } from "./tokens.ts";

/** Nine digits stay a safe integer, and no space will ever have had so many alerts. */
const NUMBER = /^#?0*([1-9]\d{0,8})$/;

/** The numbers that a token names, of alerts, watches or mutes: `12`, `#12.`, `alert="12,13"`. They count from 1. */
export function numbersOf(token: Token): readonly number[] {
  const words =
    token.kind === "word" ? [unquotedWord(token) ?? ""] : token.values.flatMap(({ text }) => text.split(","));
  return words.flatMap((word) => {
    const digits = NUMBER.exec(plainWord(word.trim()))?.[1];
    return digits === undefined ? [] : [Number(digits)];
  });
}

/** `unwatch 2`, "unmute number 3, please"; without a number, it is for the answer to ask which. */
export function parseNumbered(name: "unwatch" | "unmute", tokens: readonly Token[]): ParseResult<Command> {
  const [number, ...others] = new Set(tokens.flatMap(numbersOf));
  if (number === undefined) return parsed({ name });
  if (others.length === 0) return parsed({ name, number });
  return parseError("That is more than one number.", `One at a time, for example ${name} ${number}.`, [
    wordToken(bareWord(name)),
    wordToken(bareWord(String(number))),
  ]);
}
