import { ack, unack } from "./ack.ts";
import { alert } from "./alert.ts";
import { alerts } from "./alerts.ts";
import { allow, disallow } from "./allow.ts";
import { audit } from "./audit.ts";
import { changes } from "./changes.ts";
import { code } from "./code.ts";
import { confirm } from "./confirm.ts";
import { customer } from "./customer.ts";
import { customers } from "./customers.ts";
import type { CommandDefinition } from "./definition.ts";
import { digest } from "./digest.ts";
import { drill } from "./drill.ts";
import { exportCustomers } from "./export.ts";
import { find } from "./find.ts";
import { follow, unfollow } from "./follow.ts";
import { forget } from "./forget.ts";
import { handover } from "./handover.ts";
import { help } from "./help.ts";
import { history } from "./history.ts";
import { mute, mutes, unmute } from "./mute.ts";
import { number } from "./number.ts";
import { outbox } from "./outbox.ts";
import { smallTalk } from "./small-talk.ts";
import { status } from "./status.ts";
import { subpartners } from "./subpartners.ts";
import { subscribers } from "./subscribers.ts";
import { summary } from "./summary.ts";
import { timezone } from "./timezone.ts";
import { trend } from "./trend.ts";
import { turn } from "./turn.ts";
import { use } from "./use.ts";
import { verify } from "./verify.ts";
import { allWatches, unwatch, watch, watches } from "./watch.ts";

/** Every command, in the order of `help`: commonest first. */
const DEFINITIONS = {
  customers,
  customer,
  number,
  turn,
  summary,
  changes,
  history,
  subscribers,
  find,
  alerts,
  alert,
  code,
  ack,
  unack,
  mute,
  unmute,
  mutes,
  watch,
  unwatch,
  watches,
  allWatches,
  follow,
  unfollow,
  handover,
  digest,
  timezone,
  verify,
  outbox,
  drill,
  confirm,
  export: exportCustomers,
  trend,
  subpartners,
  use,
  status,
  allow,
  disallow,
  audit,
  forget,
  smallTalk,
  help,
};

type CommandsByName = {
  readonly [N in keyof typeof DEFINITIONS]: (typeof DEFINITIONS)[N] extends CommandDefinition<infer C, unknown>
    ? C
    : never;
};

export type CommandName = keyof CommandsByName;
export type CommandOf<N extends CommandName> = CommandsByName[N];

/** A command, typed or pressed: a button carries its command as text, so that both take the same path. */
export type Command = CommandsByName[CommandName];

export const COMMANDS: { readonly [N in CommandName]: CommandDefinition<CommandOf<N>, Command> } = DEFINITIONS;
export const COMMAND_NAMES = Object.keys(COMMANDS) as readonly CommandName[];
