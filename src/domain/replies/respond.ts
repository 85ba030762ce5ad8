import type { Command } from "../commands/command.ts";
import { replyAck } from "./ack.ts";
import { replyAlerts } from "./alerts.ts";
import { replyAllow } from "./allow.ts";
import { replyCustomer } from "./customer.ts";
import { replyCustomers } from "./customers.ts";
import { replyDigest, replyHandover } from "./digest.ts";
import { replyDrill } from "./drill.ts";
import { replyExport } from "./export.ts";
import { replyFind } from "./find.ts";
import { replyFollow } from "./follow.ts";
import { replyHelp } from "./help.ts";
import { replyChanges, replyHistory } from "./history.ts";
import { replyMute, replyMutes, replyUnmute } from "./mute.ts";
import type { Reply, ReplyContext } from "./reply.ts";
import { replyStatus } from "./status.ts";
import { replySubpartners } from "./subpartners.ts";
import { replySummary } from "./summary.ts";
import { replyTrend } from "./trend.ts";
import { replyUse } from "./use.ts";
import { replyVerify } from "./verify.ts";
import { replyUnwatch, replyWatch, replyWatches } from "./watch.ts";

/** (command, context) -> reply. No default: the compiler refuses a command that nobody answers. */
export async function respond(command: Command, context: ReplyContext): Promise<Reply> {
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
      return replyWatch(command, context);
    case "watches":
      return replyWatches(context);
    case "unwatch":
      return replyUnwatch(command, context);
    case "alerts":
      return replyAlerts(command, context);
    case "ack":
      return replyAck(command, context);
    case "mute":
      return replyMute(command, context);
    case "mutes":
      return replyMutes(context);
    case "unmute":
      return replyUnmute(command, context);
    case "follow":
      return replyFollow(command, context);
    case "digest":
      return replyDigest(command, context);
    case "handover":
      return replyHandover(command, context);
    case "verify":
      return replyVerify(context);
    case "drill":
      return replyDrill();
    case "allow":
      return replyAllow(true, context);
    case "disallow":
      return replyAllow(false, context);
  }
}
