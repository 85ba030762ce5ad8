import type { CommandDefinition } from "./definition.ts";

/**
 * A number alone: a row of the list on show, an external id, a code, a zip or an alert, in that order (PRODUCT 2). Which of them is
 * known only where the list and the customers are (`completeCommand`).
 */
export interface NumberCommand {
  readonly name: "number";
  /** As typed, because an external id may begin with zeros. */
  readonly digits: string;
}

/** It has no word: the parser takes every message that is a number alone for it. */
export const number: CommandDefinition<NumberCommand> = {
  words: [],
  needs: "viewer",
  confidential: true,
  help: [],
  parse: () => undefined,
  format: ({ digits }) => digits,
};
