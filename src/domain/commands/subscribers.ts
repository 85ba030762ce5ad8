import { normalizeName } from "../customers/filter.ts";
import { type CustomerRef, formatRef, parseCustomerRef } from "./customer-ref.ts";
import type { CommandDefinition, Message } from "./definition.ts";
import { joinParts } from "./format-terms.ts";
import { HIDDEN } from "./free-words.ts";
import { parseSetting } from "./list.ts";
import { mapValue, type ParseResult, parsed } from "./parse-error.ts";
import type { Distance } from "./suggest.ts";
import type { PairToken, Token } from "./tokenize.ts";

/** The people of one customer, or those with one address. */
export interface SubscribersCommand {
  readonly name: "subscribers";
  readonly ref?: CustomerRef;
  readonly email?: string;
  readonly page: number;
}

export const subscribers: CommandDefinition<SubscribersCommand> = {
  words: ["subscribers", "subscriber"],
  suggested: { bySlip: ["subscribers"] },
  needs: "viewer",
  confidential: true,
  help: [
    {
      also: ["subscriber", "users"],
      usage: "subscribers 3",
      does: "the people of one customer with their packages and errors, live from Webex; also subscribers and an e-mail address",
      more: [
        "Name the customer as for customer. page=2 turns the page.",
        "The bot keeps nothing of it. It needs the scope spark-admin:wholesale_subscribers_read.",
      ],
    },
  ],
  withoutFreeWords: (command) => (command.email === undefined ? command : { ...command, email: HIDDEN }),
  parse: parseSubscribers,
  format: ({ ref, email, page }, write) =>
    joinParts(
      "subscribers",
      email !== undefined && `email=${write(email, { bare: true })}`,
      email === undefined && ref && formatRef(ref, write),
      page > 1 && `page=${page}`,
    ),
};

function parseSubscribers({ rest }: Message, distance: Distance): ParseResult<SubscribersCommand> {
  const pages = rest.find((token): token is PairToken => isPair(token, ["page"]));
  const settings = pages === undefined ? parsed({ page: 1 }) : parseSetting("page", pages, distance);
  if (!settings.ok) return settings;
  const { page = 1 } = settings.value;
  const email = rest.flatMap(addressIn).at(0);
  if (email !== undefined) return parsed({ name: "subscribers", email, page });
  const others = rest.filter((token) => token !== pages);
  return mapValue(parseCustomerRef("subscribers", others, distance), ({ ref }) => ({
    name: "subscribers",
    ...(ref && { ref }),
    page,
  }));
}

const isPair = (token: Token, keys: readonly string[]): token is PairToken =>
  token.kind === "pair" && keys.includes(normalizeName(token.key));

function addressIn(token: Token): readonly string[] {
  if (isPair(token, ["email", "mail"])) return token.values.map(({ text }) => text).filter((text) => text !== "");
  const text = token.kind === "word" ? token.word.text : "";
  return /^[^\s@]+@[^\s@]+$/.test(text) ? [text] : [];
}
