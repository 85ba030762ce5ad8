import { createHash } from "node:crypto";
import { resolve } from "node:path";
import type { Config } from "../config.ts";
import { type AuditEntry, START } from "../domain/audit.ts";
import { formatSince } from "../domain/customers/since.ts";
import type { PlainEvent } from "../domain/log-events.ts";
import { formatCount } from "../domain/views/text.ts";
import { readAddress } from "../store/postgres-address.ts";
import { isLostWithProcess, type VolatileHost } from "./volatile-disk.ts";

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

/** The fields of `app.started`: for whom the bot works, and where. As everywhere in the log, no secret and no address. */
export function startFields({ access, database, monitor }: Config) {
  const { databaseUrl, dataDir } = database;
  return {
    ...(databaseUrl === undefined
      ? { database: "file", at: resolve(dataDir, "bot.db") }
      : { database: "postgres", at: readAddress(databaseUrl).server }),
    mayAsk: whoMayAsk(access),
    operators: access.operators.length,
    admins: access.admins.length,
    sweepEvery: formatSince(monitor.sweepMs),
    quickPollEvery: formatSince(monitor.watchMs),
  };
}

export interface StartWarning {
  readonly event: PlainEvent;
  readonly fields: Readonly<Record<string, string>>;
}

/** Settings with which the bot works, but hardly as it was meant. @param host one that drops the disk of a process */
export function startWarnings({ access, database }: Config, host?: VolatileHost): readonly StartWarning[] {
  const warnings: StartWarning[] = [];
  if (access.operators.length + access.admins.length === 0) {
    const hint =
      "Nobody can set a watch, so no space is ever alerted. Set OPERATORS to the e-mail addresses of those who may.";
    warnings.push({ event: "access.no_operators", fields: { hint } });
  }
  if (host !== undefined && database.databaseUrl === undefined && isLostWithProcess(host, database.dataDir)) {
    const volume = host.hasVolumes ? " or DATA_DIR to a volume" : "";
    const hint = `At the next restart every watch, alert and token is lost. Set DATABASE_URL to a PostgreSQL database${volume}.`;
    warnings.push({ event: "store.volatile", fields: { host: host.name, hint } });
  }
  return warnings;
}

function describe({ access, database, monitor, alerting, questionsPerMinute }: Config, version: string) {
  const { operators, admins } = access;
  return [
    `version ${version}`,
    database.databaseUrl === undefined ? "file database" : "PostgreSQL",
    `may ask: ${whoMayAsk(access)}`,
    `${formatCount(operators.length, "operator")}, ${formatCount(admins.length, "admin")}`,
    `lists ${checksum(access)}`,
    `reads all customers every ${formatSince(monitor.sweepMs)}, those in error every ${formatSince(monitor.watchMs)}`,
    `${monitor.callsPerMinute} calls and ${formatCount(questionsPerMinute, "question")} a minute`,
    database.dataKeys.length > 0 ? "tokens encrypted" : "tokens not encrypted",
    alerting.opsRoomId === undefined ? "no space for reports" : "a space for reports",
  ];
}

/** The rule of access in words, without addresses. */
export function whoMayAsk({ emailDomains, emails }: Config["access"]): string {
  if (emailDomains.length + emails.length === 0) return "people of the bot’s organisation";
  const addresses = emails.length === 0 ? [] : [`listed addresses: ${emails.length}`];
  return [...emailDomains, ...addresses].join(", ");
}

/** Differs when any of the lists does, and names nobody. */
function checksum({ emailDomains, emails, operators, admins }: Config["access"]): string {
  const lists = [emailDomains, emails, operators, admins].map((list) => list.toSorted());
  return createHash("sha256").update(JSON.stringify(lists)).digest("hex").slice(0, 8);
}
