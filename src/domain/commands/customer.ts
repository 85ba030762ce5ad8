import { fieldNamed, normalizeName } from "../customers/filter.ts";
import { type CustomerRef, formatRef, parseCustomerRef } from "./customer-ref.ts";
import { type CustomersCommand, customers, parseCustomerList } from "./customers.ts";
import type { CommandDefinition, Message } from "./definition.ts";
import { statusesNamed } from "./field-values.ts";
import { joinParts } from "./format-terms.ts";
import { skipFillers } from "./noise-words.ts";
import { mapValue, type ParseResult, unknownCommand } from "./parse-error.ts";
import type { SubpartnersCommand } from "./subpartners.ts";
import { type Distance, nearest } from "./suggest.ts";
import { type Token, unquotedWord } from "./tokenize.ts";
import { ERROR_WORDS, isNegation, LIST_WORDS, SHOW_WORDS, settingNamed } from "./vocabulary.ts";

export interface CustomerCommand {
  readonly name: "customer";
  /** Absent when Open was pressed with nothing chosen. */
  readonly ref?: CustomerRef;
  readonly fresh: boolean;
}

type ShownCommand = CustomerCommand | CustomersCommand | SubpartnersCommand;

export const customer: CommandDefinition<CustomerCommand, ShownCommand> = {
  words: ["customer", "open", "details", "detail", "client", "row", ...SHOW_WORDS],
  suggested: { byEdits: ["customer", "open", "show", "details"] },
  needs: "viewer",
  confidential: true,
  help: [
    {
      also: ["open"],
      usage: "open 3",
      does: "opens row 3 of the list on show; also customer and a name, external ID, organisation ID or customer ID",
      more: ["IDs are case sensitive. customer orgId=… says which kind of ID is meant."],
    },
  ],
  parse: (message, distance) =>
    SHOW_WORDS.includes(message.word) ? parseShow(message.rest, distance) : parseCustomer(message, distance),
  format: ({ ref, fresh }, write) => joinParts("customer", ref && formatRef(ref, write), fresh && "fresh=yes"),
};

/** `customer list` and `open errors` mean lists. */
function parseCustomer({ rest }: Message, distance: Distance): ParseResult<ShownCommand> | undefined {
  const word = unquotedWord(rest[0]);
  if (word !== undefined && isListWord(word)) return customers.parse({ word, rest: rest.slice(1) }, distance);
  return parseOneCustomer(rest, distance);
}

function parseOneCustomer(tokens: readonly Token[], distance: Distance): ParseResult<CustomerCommand> {
  return mapValue(parseCustomerRef("customer", tokens, distance), (one) => ({ name: "customer", ...one }));
}

/** "show me all failing ones" is a list; `show 5` and `show acme` are one customer. */
function parseShow(rest: readonly Token[], distance: Distance): ParseResult<ShownCommand> {
  const at = skipFillers(rest, 0);
  const next = rest[at];
  if (rest.some((token) => isListWord(unquotedWord(token) ?? ""))) return parseCustomerList(rest, distance);
  if (next?.kind === "pair" && !isRefKey(next.key)) return parseCustomerList(rest, distance);
  const word = unquotedWord(next);
  if (word === undefined) return parseOneCustomer(rest, distance);
  if (isNegation(word) || statusesNamed(word)) return parseCustomerList(rest, distance);
  const near = nearest(word, ["customers", "errors", "problems"], distance);
  return near === undefined ? parseOneCustomer(rest, distance) : unknownCommand(word, near, rest.slice(at + 1));
}

function isListWord(word: string): boolean {
  return LIST_WORDS.includes(word) || ERROR_WORDS.includes(word);
}

function isRefKey(key: string): boolean {
  const field = fieldNamed(key);
  return field === "externalId" || field === "orgId" || settingNamed(normalizeName(key)) !== undefined;
}
