import type { Command } from "../commands/command.ts";
import { replyAllow } from "./allow.ts";
import { replyCustomer } from "./customer.ts";
import { replyCustomers } from "./customers.ts";
import { replyExport } from "./export.ts";
import { replyFind } from "./find.ts";
import { replyHelp } from "./help.ts";
import { replyChanges, replyHistory } from "./history.ts";
import type { Context, Reply } from "./reply.ts";
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
    case "allow":
      return replyAllow(true, context);
    case "disallow":
      return replyAllow(false, context);
  }
}
