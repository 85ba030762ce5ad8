import { foldAddress } from "./address.ts";
import { COMMANDS, type CommandName } from "./commands/registry.ts";
import { type Scope, WHOLE_TOKEN } from "./customers/sweep.ts";
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

/** The content of a message, a card or a file: customers, or nothing that only insiders may see. */
export type Shown = "no customers" | ShownCustomers;

export interface ShownCustomers {
  readonly scopes: readonly Scope[];
  /** The person who asked for it; absent where the bot tells it by itself. */
  readonly asker?: Asker;
}

export interface Asker {
  readonly personId: string;
  /** In a 1:1 space with the bot. */
  readonly isDirect: boolean;
}

/** Why customers may not be shown in a room, or to a person, now. Unsure: Webex did not say who would see them. */
export type Refusal =
  | { readonly because: "guests"; readonly guests: number }
  | { readonly because: "outsider" }
  | { readonly because: "other sub-partner" }
  | { readonly because: "unsure" };

export type AccessDecision = { readonly allowed: true; readonly role: Role } | Denial;

export type Denial = { readonly allowed: false } & (
  | { readonly because: "stranger" }
  | { readonly because: "role"; readonly needs: Role }
  | Refusal
);

/** The content of the answer to a command, by the command's own definition. */
export function shownBy(command: CommandName, customers: ShownCustomers): Shown {
  return COMMANDS[command].confidential ? customers : "no customers";
}

/**
 * Decides whether a sender may run a command, by message, button or form.
 * @param refusal why the answer may not be shown in the room of the sender; undefined if it may
 */
export function authorize(
  policy: Policy,
  sender: Sender,
  command: CommandName,
  refusal: Refusal | undefined,
): AccessDecision {
  const role = roleOf(policy, sender);
  if (role === undefined) return { allowed: false, because: "stranger" };
  if (!hasRequiredRole(role, command)) return { allowed: false, because: "role", needs: COMMANDS[command].needs };
  return refusal === undefined ? { allowed: true, role } : { allowed: false, ...refusal };
}

/** A room that is bound to a sub-partner sees the customers of that one alone. */
export function seesScopes(room: Scope, scopes: readonly Scope[]): boolean {
  return room === WHOLE_TOKEN || scopes.every((scope) => scope === room);
}

/** True if this role may give this command; `help` shows no other commands. */
export function hasRequiredRole(role: Role, command: CommandName): boolean {
  return isAtLeast(role, COMMANDS[command].needs);
}

/** The role of an insider, which every operator and admin is; undefined for everybody else. */
export function roleOf(policy: Policy, sender: Sender): Role | undefined {
  const email = foldAddress(sender.email);
  if (policy.admins.includes(email)) return "admin";
  if (policy.operators.includes(email)) return "operator";
  return isInsider(policy, email, sender.orgId) ? "viewer" : undefined;
}

/** True for a person who may not see customer data. Other bots are no guests: in a space they read only what mentions them. */
export function isGuest(policy: Policy, member: Sender): boolean {
  return !isBot(member) && roleOf(policy, member) === undefined;
}

export function isBot({ email }: Sender): boolean {
  return /@(webex\.bot|sparkbot\.io)$/i.test(email);
}

/** A bot is an insider only if its own address is listed: two bots that answer each other never end. */
function isInsider(policy: Policy, email: string, orgId: string | undefined): boolean {
  if (isBot({ email })) return policy.emails.includes(email);
  if (policy.emails.length === 0 && policy.emailDomains.length === 0) {
    return policy.homeOrgId !== "" && orgId === policy.homeOrgId;
  }
  // With a second "@", as within quotation marks or a comment, programs disagree about the domain.
  const [, domain, ...more] = email.split("@");
  const isOfDomain = domain !== undefined && more.length === 0 && policy.emailDomains.includes(domain);
  return policy.emails.includes(email) || isOfDomain;
}
