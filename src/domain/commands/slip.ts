import type { Token } from "./tokens.ts";

/** A person's slip in sentences for people, and the message as it was probably meant. */
export interface Slip {
  readonly problem: string;
  readonly hint: string;
  readonly instead: readonly Token[];
}

/** What tokens mean, or the slip in them. */
export type Reading<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly slip: Slip };

export function meant<T>(value: T): Reading<T> {
  return { ok: true, value };
}

export function slipped(problem: string, hint: string, instead: readonly Token[]): Reading<never> {
  return { ok: false, slip: { problem, hint, instead } };
}

const LONGEST_QUOTE = 40;

/** Somebody's own words, within a sentence of ours. */
export function quote(text: string): string {
  const letters = [...text];
  return `“${letters.length > LONGEST_QUOTE ? `${letters.slice(0, LONGEST_QUOTE).join("")}…` : text}”`;
}
