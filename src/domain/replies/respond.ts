import type { Command } from "../commands/command.ts";
import { format } from "../commands/format.ts";
import { replyAllow } from "./allow.ts";
import { replyCustomer } from "./customer.ts";
import { replyCustomers } from "./customers.ts";
import { replyExport } from "./export.ts";
import { replyFind } from "./find.ts";
import { replyHelp } from "./help.ts";
import { replyChanges, replyHistory } from "./history.ts";
import type { Context, Reply } from "./reply.ts";
import { say } from "./say.ts";
import { replyStatus } from "./status.ts";
import { replySubpartners } from "./subpartners.ts";
import { replySummary } from "./summary.ts";
import { replyTrend } from "./trend.ts";
import { replyUse } from "./use.ts";

/** (command, context) -> reply. No default: the compiler refuses a command that nobody answers. */
export async function respond(command: Command, context: Context): Promise<Reply> {
  switch (command.name) {
    case "customers":
      return replyCustomers(command, context);
    case "customer":
      return replyCustomer(command, context);
    case "find":
      return replyFind(command);
    case "help":
      return replyHelp(command, context);
    case "status":
      return replyStatus(context);
    case "summary":
      return replySummary(command, context);
    case "trend":
      return replyTrend(context);
    case "history":
      return replyHistory(command, context);
    case "changes":
      return replyChanges(command, context);
    case "export":
      return replyExport(command, context);
    case "subpartners":
      return replySubpartners(context);
    case "use":
      return replyUse(command, context);
    case "watch":
    case "watches":
    case "unwatch":
    case "alerts":
    case "ack":
    case "mute":
    case "mutes":
    case "unmute":
    case "follow":
    case "digest":
    case "handover":
    case "verify":
    case "drill":
      return replyLater(command);
    case "allow":
      return replyAllow(true, context);
    case "disallow":
      return replyAllow(false, context);
  }
}

function replyLater(command: Command): Reply {
  return say("Not in this version yet", [`I understood “${format(command)}”, but cannot do it yet.`]);
}
