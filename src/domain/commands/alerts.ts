import type { Filter } from "../customers/filter.ts";
import { parseAlertFilter } from "./alert-arguments.ts";
import type { CommandDefinition, Message } from "./definition.ts";
import { formatPage, formatTerms, joinParts } from "./format-terms.ts";
import { isWithoutArguments } from "./noise-words.ts";
import { mapValue, type ParseResult } from "./parse-error.ts";
import type { Distance } from "./suggest.ts";

export interface AlertsCommand {
  readonly name: "alerts";
  readonly filter: Filter;
  readonly page: number;
}

export const alerts: CommandDefinition<AlertsCommand> = {
  words: ["alerts", "alert"],
  suggested: { bySlip: ["alerts"] },
  needs: "viewer",
  confidential: true,
  help: [
    {
      also: ["alert"],
      usage: "alerts",
      does: "lists the open alerts of this space",
      more: ["Takes the same filter as customers, for example alerts country=DE. page=2 turns the page."],
      button: { title: "Alerts", command: "alerts" },
    },
  ],
  parse: parseAlerts,
  format: ({ filter, page }, write) => joinParts("alerts", formatTerms(filter, write), formatPage(page)),
};

function parseAlerts({ word, rest }: Message, distance: Distance): ParseResult<AlertsCommand> | undefined {
  if (word === "alert" && !isWithoutArguments(rest)) return undefined;
  return mapValue(parseAlertFilter("alerts", rest, distance), ({ filter, page }) => ({ name: "alerts", filter, page }));
}
