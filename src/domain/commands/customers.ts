import { FIELD_DEFINITIONS, FILTER_FIELDS } from "../customers/filter-fields.ts";
import { PAGE_SIZE } from "../customers/list-query.ts";
import type { CommandDefinition, Message } from "./definition.ts";
import { formatPage, formatTerms, joinParts, type WriteValue } from "./format-terms.ts";
import { type ListArguments, parseList } from "./list.ts";
import { mapValue, type ParseResult, parsed } from "./parse-error.ts";
import { type SubpartnersCommand, subpartners } from "./subpartners.ts";
import type { Distance } from "./suggest.ts";
import { bareToken, type Token, unquotedWord } from "./tokenize.ts";
import { ERROR_WORDS, LIST_WORDS } from "./vocabulary.ts";

export interface CustomersCommand extends ListArguments {
  readonly name: "customers";
}

const FIELDS_HELP = `Fields: ${FILTER_FIELDS.filter((field) => field !== "text")
  .map((field) => FIELD_DEFINITIONS[field].help)
  .join(", ")}; ${FIELD_DEFINITIONS.text.help}.`;

export const customers: CommandDefinition<CustomersCommand, SubpartnersCommand> = {
  words: [...LIST_WORDS, ...ERROR_WORDS],
  suggested: { byEdits: ["customers", "list", "errors", "problems"] },
  needs: "viewer",
  confidential: true,
  help: [
    {
      also: ["list", "filter"],
      usage: "customers status=error",
      does: "lists customers, 10 a page; without a filter, all of them",
      more: [
        FIELDS_HELP,
        "Any of several: status=error,updating. Not: package!=webex_suite. Beginning with: acme*. Changed lately: since=2h.",
        "Plain words work as well: calling errors, errors in germany since yesterday, error 2560.",
        "page=2 turns the page, max=25 makes it longer, up to 50, and sort=name or sort=-changed puts it in order.",
      ],
      button: { title: "All customers", command: "customers", main: true },
    },
    {
      also: ["errors", "problems"],
      usage: "errors",
      does: "lists the customers with problems",
      more: ["Short for: customers status=error,provisioned_with_errors."],
      button: { title: "Errors", command: "errors" },
    },
  ],
  parse: parseCustomers,
  format: formatCustomers,
};

function parseCustomers(
  { word, rest }: Message,
  distance: Distance,
): ParseResult<CustomersCommand | SubpartnersCommand> {
  if (ERROR_WORDS.includes(word)) return parseCustomerList([bareToken("errors"), ...rest], distance);
  if (subpartners.words.includes(unquotedWord(rest[0]) ?? "")) return parsed({ name: "subpartners" });
  return parseCustomerList([bareToken("customers"), ...rest], distance);
}

/** The list that a filter asks for, with or without a command word in front. */
export function parseCustomerList(tokens: readonly Token[], distance: Distance): ParseResult<CustomersCommand> {
  return mapValue(parseList("customers", tokens, distance), (list) => ({ name: "customers", ...list }));
}

function formatCustomers({ filter, page, max, sort, fresh }: CustomersCommand, write: WriteValue): string {
  return joinParts(
    "customers",
    formatTerms(filter, write),
    formatPage(page),
    max !== PAGE_SIZE.usual && `max=${max}`,
    sort !== undefined && `sort=${sort}`,
    fresh && "fresh=yes",
  );
}
