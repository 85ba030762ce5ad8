import type { Filter, FilterField, Term, Value } from "../customers/filter.ts";
import { PAGE_SIZE } from "../customers/page.ts";
import type { Command, CustomerRef, CustomersCommand } from "./command.ts";
import { formatChanges } from "./over-time.ts";
import { straighten } from "./straighten.ts";
import { looksLikeId, plainWord } from "./tokens.ts";
import { ALL } from "./use.ts";
import { isPlainValue, quotedMeaning, statusesNamed } from "./values.ts";
import { headNamed, isFiller, isNegation, keySpoken } from "./vocabulary.ts";

/** The canonical text of a command, which `parse` reads back as the same command. Whatever is usual is left out. */
export function format(command: Command): string {
  return kept((spell) => formatCommand(command, spell));
}

/** A filter as people would type it; empty for all customers. */
export function formatFilter(filter: Filter): string {
  return kept((spell) => formatTerms(filter, spell));
}

/** Any text as one value that is read back as it is: what was put into a form, for one. */
export function quote(text: string): string {
  return spellReadably(text, { alone: false });
}

/** Writes a value so that it is read back as it is; `may` says which of the readable ways would be. */
type Spell = (text: string, may: { readonly alone: boolean; readonly quoted?: boolean }) => string;

/** Two values can look like markup together (`"[a"` and `"](https://b)"`) though neither does by itself. */
function kept(write: (spell: Spell) => string): string {
  const text = write(spellReadably);
  return straighten(text) === text ? text : write(spellSafely);
}

function formatCommand(command: Command, spell: Spell): string {
  switch (command.name) {
    case "customers":
      return joined("customers", formatTerms(command.filter, spell), formatSettings(command));
    case "customer":
      return joined("customer", command.ref && formatRef(command.ref, spell), command.fresh && "fresh=yes");
    case "find":
      return joined("find", formatTerms(command.filter, spell));
    case "help":
      return joined("help", command.topic !== undefined && formatWord(command.topic, spell));
    case "status":
      return "status";
    case "summary":
      return joined("summary", formatTerms(command.filter, spell));
    case "history":
      return joined("history", command.ref && formatRef(command.ref, spell));
    case "changes":
      return formatChanges(command.since);
    case "export":
      return joined("export", formatTerms(command.filter, spell), command.sort && `sort=${command.sort}`);
    case "trend":
    case "subpartners":
      return command.name;
    case "use":
      return `use subpartner=${formatUsed(command.subpartner, spell)}`;
    case "allow":
    case "disallow":
      return `${command.name} space`;
  }
}

function formatTerms(filter: Filter, spell: Spell): string {
  return filter.map((term) => formatTerm(term, spell)).join(" ");
}

function formatTerm({ field, negated, values }: Term, spell: Spell): string {
  const [only] = values;
  if (field === "text" && !negated && only && values.length === 1) {
    return formatWord(only.text, spell) + star(only);
  }
  return `${field}${negated ? "!=" : "="}${values.map((value) => formatValue(field, value, spell)).join(",")}`;
}

function formatWord(text: string, spell: Spell): string {
  return spell(text, { alone: !isReserved(text) });
}

function formatValue(field: FilterField, value: Value, spell: Spell): string {
  if (value.prefix) return spell(value.text, { alone: true }) + star(value);
  const meaning = quotedMeaning(field, value.text);
  const isItself = meaning.length === 1 && meaning[0] === value.text;
  return spell(value.text, { alone: isPlainValue(field, value.text), quoted: isItself });
}

function star(value: Value): string {
  return value.prefix ? "*" : "";
}

function formatSettings({ page, max, sort, fresh }: CustomersCommand): string {
  return joined(
    page !== 1 && `page=${page}`,
    max !== PAGE_SIZE.usual && `max=${max}`,
    sort !== undefined && `sort=${sort}`,
    fresh && "fresh=yes",
  );
}

function formatRef(ref: CustomerRef, spell: Spell): string {
  if (ref.by === "row") return String(ref.row);
  if (ref.by === "any") return /^\d{1,5}$/.test(ref.value) ? `"${ref.value}"` : formatWord(ref.value, spell);
  return `${ref.by === "id" ? "customer" : ref.by}=${spell(ref.value, { alone: true })}`;
}

/** In quotes unless it says that all are meant, so that a name may be any word. */
function formatUsed(subpartner: string, spell: Spell): string {
  return subpartner === ALL ? ALL : spell(subpartner, { alone: looksLikeId(subpartner) });
}

/** Whether an unquoted word would be taken for part of a sentence. */
function isReserved(text: string): boolean {
  const word = plainWord(text);
  return (
    isFiller(word) ||
    isNegation(word) ||
    keySpoken(word) !== undefined ||
    headNamed(word) !== undefined ||
    statusesNamed(word) !== undefined
  );
}

const PLAIN = /^[\p{L}\p{N}](?:[\p{L}\p{N}_@+/-]|\.(?=[\p{L}\p{N}]))*$/u;

const spellReadably: Spell = (text, { alone, quoted: inQuotes = true }) => {
  if (alone && isPlain(text)) return text;
  const quoted = `"${text.replace(/["\\]/g, String.raw`\$&`)}"`;
  const isKept = inQuotes && straighten(quoted) === quoted && text.trim() === text;
  return isKept ? quoted : byNumber(text);
};

const spellSafely: Spell = (text, { alone }) => (alone && isPlain(text) ? text : byNumber(text));

function isPlain(text: string): boolean {
  return PLAIN.test(text) && straighten(text) === text;
}

/** Signs, and whatever straightening would change, by their numbers; the first character too, which marks the text as exact. */
function byNumber(text: string): string {
  const numbered = [...text].map((character, index) => {
    const isKept = /^[\p{L}\p{N} ]$/u.test(character) && straighten(`a${character}a`) === `a${character}a`;
    return index > 0 && isKept ? character : `\\u{${character.codePointAt(0)?.toString(16)}}`;
  });
  return `"${numbered.join("").replace(/ $/, String.raw`\u{20}`)}"`;
}

function joined(...parts: readonly (string | false | undefined)[]): string {
  return parts.filter((part) => part).join(" ");
}
