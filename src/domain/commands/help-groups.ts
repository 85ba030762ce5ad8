import type { CommandName } from "./registry.ts";

/** The groups of `help`: each fits on one screen of a phone. */
export const HELP_GROUPS = {
  asking: { title: "Ask", does: "customers, what is wrong with them, their history" },
  watching: { title: "Watch", does: "what this space is told by itself, and when" },
  acting: { title: "Act", does: "open alerts: who takes them, which are muted" },
  running: { title: "Run", does: "the bot itself, this space, and who did what" },
} as const satisfies Readonly<Record<string, { readonly title: string; readonly does: string }>>;

export type HelpGroup = keyof typeof HELP_GROUPS;
export const HELP_GROUP_NAMES = Object.keys(HELP_GROUPS) as readonly HelpGroup[];

export const GROUP_OF: Readonly<Record<CommandName, HelpGroup>> = {
  customers: "asking",
  customer: "asking",
  number: "asking",
  turn: "asking",
  summary: "asking",
  changes: "asking",
  history: "asking",
  code: "asking",
  subscribers: "asking",
  find: "asking",
  export: "asking",
  trend: "asking",
  smallTalk: "asking",
  watch: "watching",
  unwatch: "watching",
  watches: "watching",
  allWatches: "watching",
  follow: "watching",
  unfollow: "watching",
  digest: "watching",
  handover: "watching",
  verify: "watching",
  drill: "watching",
  alerts: "acting",
  alert: "acting",
  ack: "acting",
  unack: "acting",
  mute: "acting",
  unmute: "acting",
  mutes: "acting",
  status: "running",
  help: "running",
  timezone: "running",
  outbox: "running",
  confirm: "running",
  subpartners: "running",
  use: "running",
  allow: "running",
  disallow: "running",
  audit: "running",
  forget: "running",
};
