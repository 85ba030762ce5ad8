import { COMMANDS, type CommandName } from "./commands/registry.ts";
import { isAtLeast, type Role } from "./role.ts";

/** The configured rules of access (PRODUCT 5). All addresses and domains are in lower case. */
export interface Policy {
  /** The organisation of the bot itself: its people are insiders unless `emailDomains` or `emails` is set. */
  readonly homeOrgId: string;
  readonly emailDomains: readonly string[];
  readonly emails: readonly string[];
  readonly operators: readonly string[];
  readonly admins: readonly string[];
}

export interface Sender {
  readonly email: string;
  readonly orgId?: string;
}

/** `guests` is undefined when the members of the room cannot be read. */
export type RoomAccess =
  | { readonly kind: "direct" }
  | { readonly kind: "group"; readonly guests: number | undefined; readonly allowed: boolean };

export type AccessDecision =
  | { readonly allowed: true; readonly role: Role }
  | { readonly allowed: false; readonly because: "stranger" }
  | { readonly allowed: false; readonly because: "role"; readonly needs: Role }
  | { readonly allowed: false; readonly because: "guests"; readonly guests: number }
  | { readonly allowed: false; readonly because: "guests-unknown" };

/**
 * Decides whether a sender may run a command in a room, by message, button or form. A room whose guests are unknown is treated
 * as one with guests.
 */
export function authorize(policy: Policy, sender: Sender, room: RoomAccess, command: CommandName): AccessDecision {
  const role = roleOf(policy, sender);
  if (role === undefined) return { allowed: false, because: "stranger" };
  if (!hasRequiredRole(role, command)) return { allowed: false, because: "role", needs: COMMANDS[command].needs };
  if (!COMMANDS[command].confidential || room.kind === "direct" || room.allowed) return { allowed: true, role };
  if (room.guests === undefined) return { allowed: false, because: "guests-unknown" };
  if (room.guests > 0) return { allowed: false, because: "guests", guests: room.guests };
  return { allowed: true, role };
}

/** True if this role may give this command; `help` shows no other commands. */
export function hasRequiredRole(role: Role, command: CommandName): boolean {
  return isAtLeast(role, COMMANDS[command].needs);
}

/** The role of an insider, which every operator and admin is; undefined for everybody else. */
export function roleOf(policy: Policy, sender: Sender): Role | undefined {
  const email = sender.email.toLowerCase();
  if (policy.admins.includes(email)) return "admin";
  if (policy.operators.includes(email)) return "operator";
  return isInsider(policy, email, sender.orgId) ? "viewer" : undefined;
}

/** How many of these people may not see customer data. Other bots do not count: in a space they read only what mentions them. */
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
