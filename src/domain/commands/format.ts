import type { Filter } from "../customers/filter.ts";
import { PAGE_SIZE } from "../customers/page.ts";
import type { Command, CustomerRef, CustomersCommand } from "./command.ts";
import { formatAck, formatDigest, formatMute, formatWatch } from "./format-alerts.ts";
import { formatSinceCommand } from "./over-time.ts";
import { joinParts, type Quoting, quoteReadably, writeStable } from "./spell.ts";
import { formatTerms, formatWord } from "./terms.ts";
import { looksLikeId } from "./tokens.ts";
import { ALL_SUBPARTNERS } from "./use.ts";

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
      return joinParts(
        "customer",
        command.ref && formatRef(command.ref, spell),
        command.fresh && "fresh=yes",
      );
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
  return subpartner === ALL_SUBPARTNERS
    ? ALL_SUBPARTNERS
    : spell(subpartner, { alone: looksLikeId(subpartner) });
}
