import type { CustomerCommand } from "./customer.ts";
import { parseCustomerRef } from "./customer-ref.ts";
import { type CustomersCommand, parseCustomerList } from "./customers.ts";
import type { CommandDefinition } from "./definition.ts";
import { isNoiseWord } from "./noise-words.ts";
import { mapValue, type ParseResult, parsed } from "./parse-error.ts";
import type { Distance } from "./suggest.ts";
import { type Token, unquotedWord } from "./tokenize.ts";

export interface StatusCommand {
  readonly name: "status";
}

/** `status` alone is about the bot, `status error` about customers, "status of acme" about one. */
export const status: CommandDefinition<StatusCommand, CustomersCommand | CustomerCommand> = {
  words: ["status", "health"],
  suggested: { byEdits: ["status"] },
  needs: "viewer",
  confidential: false,
  help: [
    {
      also: ["health"],
      usage: "status",
      does: "the state of the bot itself",
      more: ["To filter by a customer’s status, write customers status=…."],
      button: { title: "Bot status", command: "status" },
    },
  ],
  parse: ({ rest }, distance) =>
    rest.every((token) => isNoiseWord(unquotedWord(token)))
      ? parsed({ name: "status" })
      : parseStatusOf(rest, distance),
  format: () => "status",
};

function parseStatusOf(rest: readonly Token[], distance: Distance): ParseResult<CustomersCommand | CustomerCommand> {
  const list = parseCustomerList(rest, distance);
  const isName = list.ok && list.value.filter.every(({ field, negated }) => field === "text" && !negated);
  if (!isName || list.value.filter.length === 0) return list;
  return mapValue(parseCustomerRef("customer", rest, distance), (one) => ({ name: "customer", ...one }));
}
