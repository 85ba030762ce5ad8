import type { Command, CommandName, CommandOf } from "../commands/registry.ts";
import { replyAck, replyUnack } from "./ack.ts";
import { replyAlert } from "./alert.ts";
import { replyAlerts } from "./alerts.ts";
import { replyAllWatches } from "./all-watches.ts";
import { replyAllow } from "./allow.ts";
import { replyAudit } from "./audit.ts";
import { replyCode } from "./code.ts";
import { replyConfirm } from "./confirm.ts";
import { replyCustomer, replyNumber } from "./customer.ts";
import { replyCustomers } from "./customers.ts";
import { replyDigest, replyHandover } from "./digest.ts";
import { replyDrill } from "./drill.ts";
import { replyExport } from "./export.ts";
import { replyFind } from "./find.ts";
import { replyFollow, replyUnfollow } from "./follow.ts";
import { replyForget } from "./forget.ts";
import { replyHelp } from "./help.ts";
import { replyChanges, replyHistory } from "./history.ts";
import { replyMute, replyMutes, replyUnmute } from "./mute.ts";
import { replyOutbox } from "./outbox.ts";
import type { Reply, ReplyContext } from "./reply.ts";
import { replySmallTalk } from "./small-talk.ts";
import { replyStatus } from "./status.ts";
import { replySubpartners } from "./subpartners.ts";
import { replySubscribers } from "./subscribers.ts";
import { replySummary } from "./summary.ts";
import { replyTimezone } from "./timezone.ts";
import { replyTrend } from "./trend.ts";
import { replyTurn } from "./turn.ts";
import { replyUse } from "./use.ts";
import { replyVerify } from "./verify.ts";
import { replyUnwatch, replyWatch, replyWatches } from "./watch.ts";

type ReplyFunction<N extends CommandName> = (command: CommandOf<N>, context: ReplyContext) => Reply | Promise<Reply>;

/** The reply to every command; a command without one does not compile. */
const REPLIES: { readonly [N in CommandName]: ReplyFunction<N> } = {
  ack: replyAck,
  alert: replyAlert,
  alerts: replyAlerts,
  allow: replyAllow,
  allWatches: replyAllWatches,
  audit: replyAudit,
  changes: replyChanges,
  code: replyCode,
  confirm: (_, context) => replyConfirm(context),
  customer: replyCustomer,
  customers: replyCustomers,
  digest: replyDigest,
  disallow: replyAllow,
  drill: replyDrill,
  export: replyExport,
  find: replyFind,
  follow: replyFollow,
  forget: replyForget,
  handover: replyHandover,
  help: replyHelp,
  history: replyHistory,
  subscribers: replySubscribers,
  mute: replyMute,
  mutes: (_, context) => replyMutes(context),
  number: replyNumber,
  outbox: replyOutbox,
  smallTalk: replySmallTalk,
  status: (_, context) => replyStatus(context),
  subpartners: (_, context) => replySubpartners(context),
  summary: replySummary,
  timezone: replyTimezone,
  trend: (_, context) => replyTrend(context),
  turn: replyTurn,
  unack: replyUnack,
  unfollow: replyUnfollow,
  unmute: replyUnmute,
  unwatch: replyUnwatch,
  use: replyUse,
  verify: (_, context) => replyVerify(context),
  watch: replyWatch,
  watches: (_, context) => replyWatches(context),
};

export async function respond(command: Command, context: ReplyContext): Promise<Reply> {
  return replyTo(command, context);
}

function replyTo<N extends CommandName>(command: CommandOf<N> & { readonly name: N }, context: ReplyContext) {
  return REPLIES[command.name](command, context);
}
