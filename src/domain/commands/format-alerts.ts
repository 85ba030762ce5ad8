import { formatSince } from "../customers/since.ts";
import type { AckCommand, Command, MuteCommand, WatchCommand } from "./command.ts";
import { joined, type Spell } from "./spell.ts";
import { formatTerms } from "./terms.ts";
import { UTC } from "./zone.ts";

export function formatWatch({ filter, options, confirmed }: WatchCommand, spell: Spell): string {
  const { stuck, warnings, removed, escalate } = options;
  return joined(
    "watch",
    formatTerms(filter, spell),
    stuck && "stuck=yes",
    warnings && "warnings=yes",
    removed && "removed=yes",
    escalate !== undefined && `escalate=${spell(escalate, { alone: true })}`,
    confirmed && "confirm=yes",
  );
}

export function formatAck({ alerts, note }: AckCommand, spell: Spell): string {
  return joined(
    "ack",
    alerts === "all" ? alerts : alerts.join(","),
    note !== undefined && `note=${spell(note, { alone: false })}`,
  );
}

export function formatMute({ what, for: span, because }: MuteCommand, spell: Spell): string {
  const target = what.by === "alert" ? `alert=${what.alert}` : formatTarget(formatTerms(what.filter, spell));
  return joined("mute", target, `for=${formatSince(span)}`, `because=${spell(because, { alone: false })}`);
}

/** Everything is muted by saying so; and numbers alone are search words here, and no alerts. */
function formatTarget(terms: string): string {
  if (terms === "") return "all";
  return /^[\d ]+$/.test(terms) ? terms.replace(/\d+/g, '"$&"') : terms;
}

export function formatDigest(schedule: Extract<Command, { readonly name: "digest" }>["schedule"]): string {
  if (schedule === "show") return "digest";
  if (schedule === "off") return "digest off";
  return joined("digest daily", schedule.time, schedule.zone !== UTC && schedule.zone);
}
