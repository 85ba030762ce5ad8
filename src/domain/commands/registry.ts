import { type AckCommand, ack } from "./ack.ts";
import { type AlertsCommand, alerts } from "./alerts.ts";
import { type AllowCommand, allow, type DisallowCommand, disallow } from "./allow.ts";
import { type ChangesCommand, changes } from "./changes.ts";
import { type CustomerCommand, customer } from "./customer.ts";
import { type CustomersCommand, customers } from "./customers.ts";
import type { CommandDefinition } from "./definition.ts";
import { type DigestCommand, digest } from "./digest.ts";
import { type DrillCommand, drill } from "./drill.ts";
import { type ExportCommand, exportCustomers } from "./export.ts";
import { type FindCommand, find } from "./find.ts";
import { type FollowCommand, follow } from "./follow.ts";
import { type HandoverCommand, handover } from "./handover.ts";
import { type HelpCommand, help } from "./help.ts";
import { type HistoryCommand, history } from "./history.ts";
import { type MuteCommand, type MutesCommand, mute, mutes, type UnmuteCommand, unmute } from "./mute.ts";
import { type StatusCommand, status } from "./status.ts";
import { type SubpartnersCommand, subpartners } from "./subpartners.ts";
import { type SummaryCommand, summary } from "./summary.ts";
import { type TrendCommand, trend } from "./trend.ts";
import { type UseCommand, use } from "./use.ts";
import { type VerifyCommand, verify } from "./verify.ts";
import { type UnwatchCommand, unwatch, type WatchCommand, type WatchesCommand, watch, watches } from "./watch.ts";

/** What somebody asks, typed or pressed: a button carries its command as text, so there is one way in for both. */
export type Command =
  | AckCommand
  | AlertsCommand
  | AllowCommand
  | ChangesCommand
  | CustomerCommand
  | CustomersCommand
  | DigestCommand
  | DisallowCommand
  | DrillCommand
  | ExportCommand
  | FindCommand
  | FollowCommand
  | HandoverCommand
  | HelpCommand
  | HistoryCommand
  | MuteCommand
  | MutesCommand
  | StatusCommand
  | SubpartnersCommand
  | SummaryCommand
  | TrendCommand
  | UnmuteCommand
  | UnwatchCommand
  | UseCommand
  | VerifyCommand
  | WatchCommand
  | WatchesCommand;

type CommandsByName = { readonly [C in Command as C["name"]]: C };

export type CommandName = keyof CommandsByName;
export type CommandOf<N extends CommandName> = CommandsByName[N];

/** Every command, in the order of `help`: commonest first. */
export const COMMANDS: { readonly [N in CommandName]: CommandDefinition<CommandOf<N>, Command> } = {
  customers,
  customer,
  summary,
  changes,
  history,
  find,
  alerts,
  ack,
  mute,
  unmute,
  mutes,
  watch,
  unwatch,
  watches,
  follow,
  handover,
  digest,
  verify,
  drill,
  export: exportCustomers,
  trend,
  subpartners,
  use,
  status,
  allow,
  disallow,
  help,
};

export const COMMAND_NAMES = Object.keys(COMMANDS) as readonly CommandName[];
