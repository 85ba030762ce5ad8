import type { ConfigRead } from "../config.ts";
import { checkConfiguration } from "./checks/configuration.ts";
import { checkBackup, checkDatabase, checkDisk } from "./checks/database.ts";
import { checkNode, checkSdk } from "./checks/host.ts";
import { checkBot, checkPort, checkPublicAddress } from "./checks/listener.ts";
import {
  checkBotToken,
  checkClock,
  checkOpsRoom,
  checkPeople,
  checkSocket,
  checkWebexStatus,
  checkWebhooks,
} from "./checks/webex.ts";
import {
  checkCustomers,
  checkNames,
  checkOneCustomer,
  checkSubpartners,
  checkWholesaleToken,
} from "./checks/wholesale.ts";
import type { Outcome } from "./outcome.ts";
import type { Check } from "./run-checks.ts";
import type { Subject } from "./subject.ts";

/** A check of what the configuration leads to. */
type SubjectCheck = (subject: Subject, signal: AbortSignal) => Promise<Outcome>;

/** All checks in the order of their lines; each stands behind those that it needs. */
export function allChecks(read: ConfigRead, subject: Subject | undefined): readonly Check[] {
  const of = (name: string, check: SubjectCheck, ...needs: readonly string[]): Check => ({
    name,
    needs: ["Configuration", ...needs],
    run: async (signal) => check(subjectOf(subject), signal),
  });
  return [
    { name: "Node.js", run: async () => checkNode() },
    { name: "Webex SDK", run: async () => checkSdk(import.meta.filename) },
    { name: "Configuration", run: async () => checkConfiguration(read) },
    of("Port", checkPort),
    of("Bot", checkBot, "Port"),
    of("Public address", checkPublicAddress),
    of("Database", checkDatabase),
    of("Disk", checkDisk),
    of("Backup", checkBackup, "Database"),
    of("Clock", checkClock),
    of("Bot token", checkBotToken),
    of("People", checkPeople, "Bot token"),
    of("Webhooks", checkWebhooks, "Bot token"),
    of("Websocket", checkSocket, "Bot token"),
    of("Ops space", checkOpsRoom, "Bot token"),
    of("Webex Status", checkWebexStatus),
    of("Wholesale token", checkWholesaleToken, "Database"),
    of("Customers", checkCustomers, "Wholesale token"),
    of("One customer", checkOneCustomer, "Customers"),
    of("Sub-partners", checkSubpartners, "Wholesale token"),
    of("Names", checkNames, "Customers"),
  ];
}

function subjectOf(subject: Subject | undefined): Subject {
  if (subject === undefined) throw new Error("Checks of a configuration need one");
  return subject;
}
