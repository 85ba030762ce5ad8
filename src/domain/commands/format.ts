import { WATCH_SWITCHES } from "../alerts/watch.ts";
import type { Filter, FilterField, Term, Value } from "../customers/filter.ts";
import { PAGE_SIZE } from "../customers/list-query.ts";
import { formatSince } from "../customers/since.ts";
import type { AckCommand, Command, CustomerRef, CustomersCommand, MuteCommand, WatchCommand } from "./command.ts";
import { isCommandWord } from "./command-words.ts";
import { UTC } from "./digest.ts";
import { isPlainValue, quotedMeaning, statusesNamed } from "./field-values.ts";
import { formatSinceCommand } from "./since-commands.ts";
import { looksLikeId, normalizeText, plainWord } from "./tokenize.ts";
import { ALL_SUBPARTNERS } from "./use.ts";
import { impliedKey, isAlertWord, isFiller, isNegation } from "./vocabulary.ts";

/** The canonical text of a command, which `parse` reads back as the same command. Whatever is usual is left out. */
export function format(command: Command): string {
  return writeStable((spell) => formatCommand(command, spell));
}

/** A filter as people would type it; empty for all customers. */
export function formatFilter(filter: Filter): string {
  return writeStable((spell) => formatTerms(filter, spell));
}

/** Any text as one value that is read back as it is: what was put into a form, for one. */
export function quoteValue(text: string): string {
  return quoteReadably(text, { alone: false });
}

function formatCommand(command: Command, spell: Quoting): string {
  switch (command.name) {
    case "customers":
      return joinParts("customers", formatTerms(command.filter, spell), formatSettings(command));
    case "customer":
      return joinParts("customer", command.ref && formatRef(command.ref, spell), command.fresh && "fresh=yes");
    case "find":
      return joinParts("find", formatTerms(command.filter, spell));
    case "help":
      return joinParts("help", command.topic !== undefined && formatWord(command.topic, spell));
    case "summary":
      return joinParts("summary", formatTerms(command.filter, spell));
    case "history":
    case "follow":
      return joinParts(command.name, command.ref && formatRef(command.ref, spell));
    case "changes":
    case "handover":
      return formatSinceCommand(command.name, command.since);
    case "export":
      return joinParts("export", formatTerms(command.filter, spell), command.sort && `sort=${command.sort}`);
    case "watch":
      return formatWatch(command, spell);
    case "alerts":
      return joinParts("alerts", formatTerms(command.filter, spell), formatPage(command.page));
    case "ack":
      return formatAck(command, spell);
    case "mute":
      return formatMute(command, spell);
    case "unwatch":
    case "unmute":
      return joinParts(command.name, command.number !== undefined && String(command.number));
    case "digest":
      return formatDigest(command.schedule);
    case "status":
    case "trend":
    case "subpartners":
    case "watches":
    case "mutes":
    case "verify":
    case "drill":
      return command.name;
    case "use":
      return `use subpartner=${formatSubpartner(command.subpartner, spell)}`;
    case "allow":
    case "disallow":
      return `${command.name} space`;
  }
}

function formatSettings({ page, max, sort, fresh }: CustomersCommand): string {
  return joinParts(
    formatPage(page),
    max !== PAGE_SIZE.usual && `max=${max}`,
    sort !== undefined && `sort=${sort}`,
    fresh && "fresh=yes",
  );
}

function formatPage(page: number): string | false {
  return page !== 1 && `page=${page}`;
}

function formatRef(ref: CustomerRef, spell: Quoting): string {
  if (ref.by === "row") return String(ref.row);
  if (ref.by === "any") return /^\d{1,5}$/.test(ref.value) ? `"${ref.value}"` : formatWord(ref.value, spell);
  return `${ref.by === "id" ? "customer" : ref.by}=${spell(ref.value, { alone: true })}`;
}

/** In quotes unless it says that all are meant, so that a name may be any word. */
function formatSubpartner(subpartner: string, spell: Quoting): string {
  return subpartner === ALL_SUBPARTNERS ? ALL_SUBPARTNERS : spell(subpartner, { alone: looksLikeId(subpartner) });
}

export function formatWatch({ filter, options, confirmed }: WatchCommand, spell: Quoting): string {
  const { escalate } = options;
  return joinParts(
    "watch",
    formatTerms(filter, spell),
    ...WATCH_SWITCHES.map(([name]) => options[name] && `${name}=yes`),
    escalate !== undefined && `escalate=${spell(escalate, { alone: true })}`,
    confirmed && "confirm=yes",
  );
}

export function formatAck({ alerts, note }: AckCommand, spell: Quoting): string {
  return joinParts(
    "ack",
    alerts === "all" ? alerts : alerts.join(","),
    note !== undefined && `note=${spell(note, { alone: false })}`,
  );
}

export function formatMute({ target, durationMs: span, because }: MuteCommand, spell: Quoting): string {
  const targetText = target.by === "alert" ? `alert=${target.alert}` : formatTarget(formatTerms(target.filter, spell));
  return joinParts("mute", targetText, `for=${formatSince(span)}`, `because=${spell(because, { alone: false })}`);
}

/** Everything is muted by saying so; and numbers alone are search words here, and no alerts. */
function formatTarget(terms: string): string {
  if (terms === "") return "all";
  return /^[\d ]+$/.test(terms) ? terms.replace(/\d+/g, '"$&"') : terms;
}

export function formatDigest(schedule: Extract<Command, { readonly name: "digest" }>["schedule"]): string {
  if (schedule === "show") return "digest";
  if (schedule === "off") return "digest off";
  return joinParts("digest daily", schedule.time, schedule.zone !== UTC && schedule.zone);
}

/** A filter in its canonical spelling, one term after the other. */
export function formatTerms(filter: Filter, spell: Quoting): string {
  return filter.map((term) => formatTerm(term, spell)).join(" ");
}

function formatTerm({ field, negated, values }: Term, spell: Quoting): string {
  const [only] = values;
  if (field === "text" && !negated && only && values.length === 1) {
    return formatWord(only.text, spell) + star(only);
  }
  return `${field}${negated ? "!=" : "="}${values.map((value) => formatValue(field, value, spell)).join(",")}`;
}

/** A word as a search word, and as no part of a sentence. */
export function formatWord(text: string, spell: Quoting): string {
  return spell(text, { alone: !isReserved(text) });
}

function formatValue(field: FilterField, value: Value, spell: Quoting): string {
  if (value.prefix) return spell(value.text, { alone: true }) + star(value);
  const meaning = quotedMeaning(field, value.text);
  const isItself = meaning.length === 1 && meaning[0] === value.text;
  return spell(value.text, { alone: isPlainValue(field, value.text), quoted: isItself });
}

function star(value: Value): string {
  return value.prefix ? "*" : "";
}

/** Whether an unquoted word would be taken for part of a sentence. */
function isReserved(text: string): boolean {
  const word = plainWord(text);
  return (
    isFiller(word) ||
    isNegation(word) ||
    impliedKey(word) !== undefined ||
    isCommandWord(word) ||
    isAlertWord(word) ||
    statusesNamed(word) !== undefined
  );
}

/** Writes a value so that it is read back as it is; `may` says which of the readable ways would be. */
export type Quoting = (text: string, may: { readonly alone: boolean; readonly quoted?: boolean }) => string;

/** Two values can look like markup together (`"[a"` and `"](https://b)"`) though neither does by itself. */
export function writeStable(write: (spell: Quoting) => string): string {
  const text = write(quoteReadably);
  return normalizeText(text) === text ? text : write(quoteSafely);
}

const PLAIN = /^[\p{L}\p{N}](?:[\p{L}\p{N}_@+/-]|\.(?=[\p{L}\p{N}]))*$/u;

export const quoteReadably: Quoting = (text, { alone, quoted: inQuotes = true }) => {
  if (alone && isPlain(text)) return text;
  const quoted = `"${text.replace(/["\\]/g, String.raw`\$&`)}"`;
  const isKept = inQuotes && normalizeText(quoted) === quoted && text.trim() === text;
  return isKept ? quoted : escapeCodePoints(text);
};

const quoteSafely: Quoting = (text, { alone }) => (alone && isPlain(text) ? text : escapeCodePoints(text));

function isPlain(text: string): boolean {
  return PLAIN.test(text) && normalizeText(text) === text;
}

/** Signs, and whatever straightening would change, by their numbers; the first character too, which marks the text as exact. */
function escapeCodePoints(text: string): string {
  const numbered = [...text].map((character, index) => {
    const isKept = /^[\p{L}\p{N} ]$/u.test(character) && normalizeText(`a${character}a`) === `a${character}a`;
    return index > 0 && isKept ? character : `\\u{${character.codePointAt(0)?.toString(16)}}`;
  });
  return `"${numbered.join("").replace(/ $/, String.raw`\u{20}`)}"`;
}

/** The parts that there are, as one line. */
export function joinParts(...parts: readonly (string | false | undefined)[]): string {
  return parts.filter((part) => part).join(" ");
}
