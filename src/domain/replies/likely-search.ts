import { searchTerm, searchWords } from "../commands/correct-search.ts";
import type { CustomersCommand } from "../commands/customers.ts";
import { likelyCommand, nameParts } from "../commands/likely-command.ts";
import { parse, parseFormatted } from "../commands/parse.ts";
import type { Command } from "../commands/registry.ts";
import type { ReplyContext } from "./reply.ts";

/** Each word is looked up on its own, which reads all names of a large partner. */
const MOST_WORDS = 8;

/** The command that a search without a match was probably meant to be: one is offered, and none is carried out. */
export async function likelySearch(command: CustomersCommand, context: ReplyContext): Promise<Command | undefined> {
  const words = searchWords(command.filter).slice(0, MOST_WORDS);
  return likelyCommand(command, await knownWords(words, context), context.distance);
}

/** The same for a text that was taken for the name of a customer, which may be a mistyped command: "show alrets". */
export async function likelyText(text: string, context: ReplyContext): Promise<Command | undefined> {
  const alone = parse(text, { distance: context.distance });
  if (!alone.ok) return alone.suggestion === undefined ? undefined : parseFormatted(alone.suggestion);
  const parsed = parse(`customers ${text}`, { distance: context.distance });
  return parsed.ok && parsed.command.name === "customers" ? likelySearch(parsed.command, context) : undefined;
}

/** The words, or their beginnings, that some customer has, all of them the same one. The rarest words are kept first. */
async function knownWords(words: readonly string[], context: ReplyContext): Promise<readonly string[]> {
  const found: { readonly word: string; readonly at: number; readonly total: number }[] = [];
  for (const [at, word] of words.entries()) {
    const match = await firstMatch(nameParts(word), context);
    if (match !== undefined) found.push({ at, ...match });
  }
  const kept: { readonly word: string; readonly at: number }[] = [];
  for (const one of found.toSorted((a, b) => a.total - b.total)) {
    const words = [...kept, one].map(({ word }) => word);
    // The first of them was counted alone.
    if (kept.length === 0 || (await countWith(words, context)) > 0) kept.push(one);
  }
  return kept.toSorted((a, b) => a.at - b.at).map(({ word }) => word);
}

async function firstMatch(parts: readonly string[], context: ReplyContext) {
  for (const word of parts) {
    const total = await countWith([word], context);
    if (total > 0) return { word, total };
  }
  return undefined;
}

async function countWith(words: readonly string[], { snapshot, scope, clock }: ReplyContext): Promise<number> {
  const { total } = await snapshot.find(scope, { filter: words.map(searchTerm), offset: 0, max: 1, now: clock() });
  return total;
}
