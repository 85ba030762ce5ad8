import { createHash } from "node:crypto";
import type { Config } from "../config.ts";
import { type AuditEntry, START } from "../domain/audit.ts";
import { formatSince } from "../domain/customers/since.ts";
import { formatCount } from "../domain/views/text.ts";

/** The row of the audit that a start adds: what the bot may do with this configuration. It holds no secret and no address. */
export function startEntry(config: Config, version: string): AuditEntry {
  return {
    role: "bot",
    roomId: "",
    space: "",
    scope: "",
    command: START,
    text: describe(config, version).join("; "),
    isPress: false,
    outcome: "started",
    because: "",
  };
}

function describe({ access, database, monitor, alerting, questionsPerMinute }: Config, version: string) {
  const { operators, admins } = access;
  return [
    `version ${version}`,
    database.databaseUrl === undefined ? "file database" : "PostgreSQL",
    `may ask: ${whoMayAsk(access)}`,
    `${formatCount(operators.length, "operator")}, ${formatCount(admins.length, "admin")}`,
    `lists ${checksum(access)}`,
    `sweep ${formatSince(monitor.sweepMs)}, quick poll ${formatSince(monitor.watchMs)}`,
    `${monitor.callsPerMinute} calls and ${formatCount(questionsPerMinute, "question")} a minute`,
    database.dataKeys.length > 0 ? "tokens encrypted" : "tokens not encrypted",
    alerting.opsRoomId === undefined ? "no ops room" : "ops room set",
  ];
}

function whoMayAsk({ emailDomains, emails }: Config["access"]): string {
  if (emailDomains.length + emails.length === 0) return "people of the bot’s organisation";
  const addresses = emails.length === 0 ? [] : [`listed addresses: ${emails.length}`];
  return [...emailDomains, ...addresses].join(", ");
}

/** Differs when any of the lists does, and names nobody. */
function checksum({ emailDomains, emails, operators, admins }: Config["access"]): string {
  const lists = [emailDomains, emails, operators, admins].map((list) => list.toSorted());
  return createHash("sha256").update(JSON.stringify(lists)).digest("hex").slice(0, 8);
}
