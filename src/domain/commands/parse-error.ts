import { bareToken, type Token } from "./tokenize.ts";

export type ParseResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: ParseError };

/** A mistake in sentences for people, and the message as it was probably meant. */
export interface ParseError {
  readonly problem: string;
  readonly hint: string;
  /** Absent where nothing else was probably meant. */
  readonly correction?: readonly Token[];
}

export function parsed<T>(value: T): ParseResult<T> {
  return { ok: true, value };
}

export function parseError(problem: string, hint: string, correction?: readonly Token[]): ParseResult<never> {
  return { ok: false, error: { problem, hint, ...(correction && { correction }) } };
}

export function mapValue<T, U>(result: ParseResult<T>, change: (value: T) => U): ParseResult<U> {
  return result.ok ? parsed(change(result.value)) : result;
}

export function mapCorrection<T>(
  result: ParseResult<T>,
  change: (correction: readonly Token[]) => readonly Token[],
): ParseResult<T> {
  if (result.ok) return result;
  const { problem, hint, correction } = result.error;
  return parseError(problem, hint, correction && change(correction));
}

export function unknownCommand(word: string, near: string, rest: readonly Token[]): ParseResult<never> {
  return parseError(
    `${quote(word)} is not a command; the nearest is ${quote(near)}.`,
    `To look for customers by that word, send “customers ${word}”.`,
    [bareToken(near), ...rest],
  );
}

const LONGEST_QUOTE = 40;

/** The sender's own words within a sentence of ours; long ones are cut. */
export function quote(text: string): string {
  const letters = [...text];
  return `“${letters.length > LONGEST_QUOTE ? `${letters.slice(0, LONGEST_QUOTE).join("")}…` : text}”`;
}
