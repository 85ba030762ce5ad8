import type { Token } from "./tokens.ts";

/** A person's slip in sentences for people, and the message as it was probably meant. */
export interface ParseError {
  readonly problem: string;
  readonly hint: string;
  readonly correction: readonly Token[];
}

/** What tokens mean, or the slip in them. */
export type ParseResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: ParseError };

export function parsed<T>(value: T): ParseResult<T> {
  return { ok: true, value };
}

export function parseError(problem: string, hint: string, correction: readonly Token[]): ParseResult<never> {
  return { ok: false, error: { problem, hint, correction } };
}

const LONGEST_QUOTE = 40;

/** Somebody's own words, within a sentence of ours. */
export function quote(text: string): string {
  const letters = [...text];
  return `“${letters.length > LONGEST_QUOTE ? `${letters.slice(0, LONGEST_QUOTE).join("")}…` : text}”`;
}
