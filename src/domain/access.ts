import type { CommandName } from "./commands/command.ts";

/** Who may ask (PRODUCT 5), as the operator configured it. All addresses and domains are lower case. */
export interface Policy {
  /** The organisation of the bot itself: its people are insiders as long as neither list below says otherwise. */
  readonly homeOrgId: string;
  readonly emailDomains: readonly string[];
  readonly emails: readonly string[];
  readonly operators: readonly string[];
  readonly admins: readonly string[];
}

export type Role = "viewer" | "operator" | "admin";

export interface Sender {
  readonly email: string;
  readonly orgId?: string;
}

/** What access needs to know of a room. `guests` is undefined when nobody could tell who is in it. */
export type RoomAccess =
  | { readonly kind: "direct" }
  | { readonly kind: "group"; readonly guests: number | undefined; readonly allowed: boolean };

export type AccessDecision =
  | { readonly allowed: true; readonly role: Role }
  | { readonly allowed: false; readonly because: "stranger" }
  | { readonly allowed: false; readonly because: "role"; readonly needs: Role }
  | { readonly allowed: false; readonly because: "guests"; readonly guests: number }
  | { readonly allowed: false; readonly because: "guests-unknown" };

const RANK: Record<Role, number> = { viewer: 0, operator: 1, admin: 2 };

const REQUIRED_ROLE: Record<CommandName, Role> = {
  customers: "viewer",
  customer: "viewer",
  find: "viewer",
  help: "viewer",
  status: "viewer",
  summary: "viewer",
  trend: "viewer",
  history: "viewer",
  changes: "viewer",
  export: "viewer",
  subpartners: "viewer",
  watches: "viewer",
  alerts: "viewer",
  mutes: "viewer",
  follow: "viewer",
  handover: "viewer",
  verify: "viewer",
  watch: "operator",
  unwatch: "operator",
  ack: "operator",
  mute: "operator",
  unmute: "operator",
  digest: "operator",
  drill: "operator",
  use: "admin",
  allow: "admin",
  disallow: "admin",
};

/** Commands whose answer holds customer data, which is under contract and never shown to guests. */
const CONFIDENTIAL: ReadonlySet<CommandName> = new Set([
  "customers",
  "customer",
  "summary",
  "trend",
  "history",
  "changes",
  "export",
  "subpartners",
  "use",
  "watch",
  "watches",
  "unwatch",
  "alerts",
  "ack",
  "mute",
  "mutes",
  "unmute",
  "follow",
  "digest",
  "handover",
  "verify",
  "drill",
]);

/**
 * The one decision on access, for messages, presses and forms alike. Fails closed: what is not known is not allowed.
 */
export function authorize(policy: Policy, sender: Sender, room: RoomAccess, command: CommandName): AccessDecision {
  const role = roleOf(policy, sender);
  if (role === undefined) return { allowed: false, because: "stranger" };
  if (!hasRequiredRole(role, command)) return { allowed: false, because: "role", needs: REQUIRED_ROLE[command] };
  if (!CONFIDENTIAL.has(command) || room.kind === "direct" || room.allowed) return { allowed: true, role };
  if (room.guests === undefined) return { allowed: false, because: "guests-unknown" };
  if (room.guests > 0) return { allowed: false, because: "guests", guests: room.guests };
  return { allowed: true, role };
}

/** Whether somebody of this role may give this command at all; `help` offers nothing else. */
export function hasRequiredRole(role: Role, command: CommandName): boolean {
  return RANK[role] >= RANK[REQUIRED_ROLE[command]];
}

/** The role of an insider; undefined for everybody else. Being named as operator or admin makes an insider. */
export function roleOf(policy: Policy, sender: Sender): Role | undefined {
  const email = sender.email.toLowerCase();
  if (policy.admins.includes(email)) return "admin";
  if (policy.operators.includes(email)) return "operator";
  return isInsider(policy, email, sender.orgId) ? "viewer" : undefined;
}

/** How many of these people may not see customer data. Other bots do not count: in a space they only see what is said to them. */
export function countGuests(policy: Policy, members: readonly Sender[]): number {
  return members.filter((member) => !isBot(member.email) && roleOf(policy, member) === undefined).length;
}

function isBot(email: string): boolean {
  return /@(webex\.bot|sparkbot\.io)$/i.test(email);
}

function isInsider(policy: Policy, email: string, orgId: string | undefined): boolean {
  if (policy.emails.length === 0 && policy.emailDomains.length === 0) {
    return policy.homeOrgId !== "" && orgId === policy.homeOrgId;
  }
  const domain = email.slice(email.lastIndexOf("@") + 1);
  return policy.emails.includes(email) || (email.includes("@") && policy.emailDomains.includes(domain));
}
