import type { Filter } from "../customers/filter.ts";
import { isCommandWord } from "./command-words.ts";
import { isPartOfName, statusesNamed } from "./field-values.ts";
import { formatTerms, type WriteValue } from "./format-terms.ts";
import { isReasonWord } from "./mute.ts";
import { COMMANDS, type Command, type CommandName, type CommandOf } from "./registry.ts";
import { isNumberWord } from "./spoken-codes.ts";
import { isFileWord } from "./spoken-commands.ts";
import { isUntil } from "./spoken-duration.ts";
import { isAddressWord } from "./spoken-patterns.ts";
import { isAdjective, isPlaceKey } from "./spoken-places.ts";
import { isSettingWord } from "./spoken-settings.ts";
import { isSinceWord } from "./spoken-since.ts";
import { normalizeText, plainWord } from "./tokenize.ts";
import { impliedKey, isAlertWord, isFiller, isNegation } from "./vocabulary.ts";

/** The canonical text of a command, which `parse` reads back as the same command. Defaults are left out. */
export function format(command: Command): string {
  return writeStable((write) => formatCommand(command, write));
}

function formatCommand<N extends CommandName>(command: CommandOf<N> & { readonly name: N }, write: WriteValue): string {
  return COMMANDS[command.name].format(command, write);
}

/** A command as people would type it, for a text that nobody has to read back: quotes stand only where they part two words. */
export function describe(command: Command): string {
  return formatCommand(command, writeForPeople);
}

/** The same of a filter; empty for all customers. */
export function describeFilter(filter: Filter): string {
  return formatTerms(filter, writeForPeople);
}

/** The canonical text of a filter; empty for all customers. */
export function formatFilter(filter: Filter): string {
  return writeStable((write) => formatTerms(filter, write));
}

/** Any text, such as an input of a form, as one quoted value that is read back unchanged. */
export function quoteValue(text: string): string {
  return writeReadably(text, { bare: false });
}

/** Two values can look like markup together (`"[a"` and `"](https://b)"`) though neither does by itself. */
function writeStable(formatWith: (write: WriteValue) => string): string {
  const text = formatWith(writeReadably);
  return normalizeText(text) === text ? text : formatWith(writeSafely);
}

const writeReadably: WriteValue = (text, { bare, quoted: isReadFromQuotes = true }) => {
  if (isBare(text, bare)) return text;
  const quoted = `"${text.replace(/["\\]/g, String.raw`\$&`)}"`;
  const isKept = isReadFromQuotes && normalizeText(quoted) === quoted && text.trim() === text;
  return isKept ? quoted : escapeCodePoints(text);
};

const writeSafely: WriteValue = (text, { bare }) => (isBare(text, bare) ? text : escapeCodePoints(text));

const writeForPeople: WriteValue = (text, { ends = false }) => (ends || /^[^\s,=]+$/u.test(text) ? text : `"${text}"`);

const PLAIN = /^[\p{L}\p{N}](?:[\p{L}\p{N}_@+/-]|\.(?=[\p{L}\p{N}]))*$/u;

function isBare(text: string, bare: boolean | "as search word"): boolean {
  if (bare === false || (bare === "as search word" && isReserved(text))) return false;
  return PLAIN.test(text) && normalizeText(text) === text;
}

/** Whatever the parser may read a word as, besides a search word: each module answers for the words that it reads. */
const READINGS: readonly ((word: string) => boolean)[] = [
  isFiller,
  isNegation,
  (word) => impliedKey(word) !== undefined,
  isCommandWord,
  isAlertWord,
  (word) => statusesNamed(word) !== undefined,
  isSinceWord,
  isUntil,
  isReasonWord,
  isAddressWord,
  isFileWord,
  isNumberWord,
  isAdjective,
  isSettingWord,
  isPlaceKey,
  isPartOfName,
];

/** True if an unquoted search word would be parsed as part of a sentence. */
function isReserved(text: string): boolean {
  const word = plainWord(text);
  return READINGS.some((isRead) => isRead(word));
}

/** Writes by their code points all signs that `normalizeText` changes, and the first character, which marks the text as exact. */
function escapeCodePoints(text: string): string {
  const escaped = [...text].map((character, index) => {
    const isKept = /^[\p{L}\p{N} ]$/u.test(character) && normalizeText(`a${character}a`) === `a${character}a`;
    return index > 0 && isKept ? character : `\\u{${character.codePointAt(0)?.toString(16)}}`;
  });
  return `"${escaped.join("").replace(/ $/, String.raw`\u{20}`)}"`;
}
