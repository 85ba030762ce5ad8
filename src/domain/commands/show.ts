import { fieldNamed, normalizeName } from "../customers/filter.ts";
import { unknownCommand } from "./advice.ts";
import type { Command } from "./command.ts";
import { parseCustomer } from "./customer-ref.ts";
import { keywordOf } from "./heads.ts";
import { parseList } from "./list.ts";
import { skipFillers } from "./opening.ts";
import type { ParseResult } from "./slip.ts";
import { type Distance, nearest } from "./suggest.ts";
import { type Token, unquotedWord } from "./tokens.ts";
import { statusesNamed } from "./values.ts";
import { isNegation, settingNamed } from "./vocabulary.ts";

/** "show me all failing ones" is a list, `show 5` and `show acme` are one customer. */
export function parseShow(rest: readonly Token[], distance: Distance): ParseResult<Command> {
  const next = rest[skipFillers(rest, 0)];
  const heads = rest.map((token) => keywordOf(unquotedWord(token) ?? ""));
  if (heads.includes("customers") || heads.includes("errors")) return parseList("customers", rest, distance);
  if (next?.kind === "pair" && !isRefKey(next.key)) return parseList("customers", rest, distance);
  const word = unquotedWord(next);
  if (word === undefined) return parseCustomer(rest, distance);
  if (isNegation(word) || statusesNamed(word)) return parseList("customers", rest, distance);
  const near = nearest(word, ["customers", "errors", "problems"], distance);
  if (near === undefined) return parseCustomer(rest, distance);
  return unknownCommand(word, near, rest.slice(skipFillers(rest, 0) + 1));
}

function isRefKey(key: string): boolean {
  const field = fieldNamed(key);
  return field === "externalId" || field === "orgId" || settingNamed(normalizeName(key)) !== undefined;
}
