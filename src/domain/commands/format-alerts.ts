import { formatSince } from "../customers/since.ts";
import type { AckCommand, Command, MuteCommand, WatchCommand } from "./command.ts";
import { joinParts, type Quoting } from "./spell.ts";
import { formatTerms } from "./terms.ts";
import { UTC } from "./zone.ts";

export function formatWatch({ filter, options, confirmed }: WatchCommand, spell: Quoting): string {
  const { stuck, warnings, removed, escalate } = options;
  return joinParts(
    "watch",
    formatTerms(filter, spell),
    stuck && "stuck=yes",
    warnings && "warnings=yes",
    removed && "removed=yes",
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
  const targetText =
    target.by === "alert" ? `alert=${target.alert}` : formatTarget(formatTerms(target.filter, spell));
  return joinParts(
    "mute",
    targetText,
    `for=${formatSince(span)}`,
    `because=${spell(because, { alone: false })}`,
  );
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
