import { fieldNamed, squashed } from "../customers/filter.ts";
import { unknownCommand } from "./advice.ts";
import type { Command } from "./command.ts";
import { readCustomer } from "./customer-ref.ts";
import { headNamed } from "./heads.ts";
import { readList } from "./list.ts";
import { pastFillers } from "./opening.ts";
import type { Reading } from "./slip.ts";
import { type Distance, nearest } from "./suggest.ts";
import { spoken, type Token } from "./tokens.ts";
import { statusesNamed } from "./values.ts";
import { isNegation, settingNamed } from "./vocabulary.ts";

/** "show me all failing ones" is a list, `show 5` and `show acme` are one customer. */
export function readShow(rest: readonly Token[], distance: Distance): Reading<Command> {
  const next = rest[pastFillers(rest, 0)];
  const heads = rest.map((token) => headNamed(spoken(token) ?? ""));
  if (heads.includes("customers") || heads.includes("errors")) return readList("customers", rest, distance);
  if (next?.kind === "pair" && !isRefKey(next.key)) return readList("customers", rest, distance);
  const word = spoken(next);
  if (word === undefined) return readCustomer(rest, distance);
  if (isNegation(word) || statusesNamed(word)) return readList("customers", rest, distance);
  const near = nearest(word, ["customers", "errors", "problems"], distance);
  if (near === undefined) return readCustomer(rest, distance);
  return unknownCommand(word, near, rest.slice(pastFillers(rest, 0) + 1));
}

function isRefKey(key: string): boolean {
  const field = fieldNamed(key);
  return field === "externalId" || field === "orgId" || settingNamed(squashed(key)) !== undefined;
}
