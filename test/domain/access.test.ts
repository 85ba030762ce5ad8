import { expect, test } from "vitest";
import {
  type AccessDecision,
  authorize,
  countGuests,
  type Policy,
  type RoomAccess,
  type Sender,
} from "../../src/domain/access.ts";
import { COMMAND_NAMES, COMMANDS, type CommandName } from "../../src/domain/commands/registry.ts";

const HOME = "org-home";
const BY_ORG: Policy = {
  homeOrgId: HOME,
  emailDomains: [],
  emails: [],
  operators: ["op@home.example"],
  admins: ["ada@home.example"],
};
const BY_LIST: Policy = { ...BY_ORG, emailDomains: ["partner.example"], emails: ["carl@freelance.example"] };

const viewer = { email: "vera@home.example", orgId: HOME };
const admin = { email: "Ada@Home.example", orgId: HOME };
const operator = { email: "op@home.example", orgId: HOME };
const stranger = { email: "eve@elsewhere.example", orgId: "org-else" };

const closed: RoomAccess = { kind: "group", guests: 0, allowed: false };
const withGuest: RoomAccess = { kind: "group", guests: 1, allowed: false };
const unreadable: RoomAccess = { kind: "group", guests: undefined, allowed: false };
const allowedSpace: RoomAccess = { ...withGuest, allowed: true };

const AS_VIEWER: AccessDecision = { allowed: true, role: "viewer" };
const AS_ADMIN: AccessDecision = { allowed: true, role: "admin" };
const STRANGER: AccessDecision = { allowed: false, because: "stranger" };
const GUESTS: AccessDecision = { allowed: false, because: "guests", guests: 1 };
const GUESTS_UNKNOWN: AccessDecision = { allowed: false, because: "guests-unknown" };
const NEEDS_ADMIN: AccessDecision = { allowed: false, because: "role", needs: "admin" };

test.each<[string, Sender, RoomAccess, CommandName, AccessDecision]>([
  ["people of the bot's own organisation may ask", viewer, closed, "customers", AS_VIEWER],
  ["others may not", stranger, closed, "customers", STRANGER],
  ["others may not ask for help 1:1 either", stranger, { kind: "direct" }, "help", STRANGER],
  ["an unknown organisation is a stranger's", { email: viewer.email }, closed, "customers", STRANGER],
  ["a space with a guest gets no customer data", viewer, withGuest, "customers", GUESTS],
  ["a space with a guest gets no customer's card", viewer, withGuest, "customer", GUESTS],
  ["a space with a guest gets help", viewer, withGuest, "help", AS_VIEWER],
  ["a space whose members cannot be read gets no customer data", viewer, unreadable, "customers", GUESTS_UNKNOWN],
  ["a space that an admin allowed gets customer data in spite of guests", viewer, allowedSpace, "customers", AS_VIEWER],
  ["a viewer does not allow a space", viewer, withGuest, "allow", NEEDS_ADMIN],
  ["an operator does not either", operator, withGuest, "allow", NEEDS_ADMIN],
  ["an admin allows a space", admin, withGuest, "allow", AS_ADMIN],
])("%s", (_, sender, room, command, decision) => {
  expect(authorize(BY_ORG, sender, room, command)).toEqual(decision);
});

test("where the bot's own organisation is not known, nobody belongs to it", () => {
  expect(authorize({ ...BY_ORG, homeOrgId: "" }, { ...viewer, orgId: "" }, closed, "customers")).toEqual(STRANGER);
});

test.each<[string, Sender, AccessDecision]>([
  ["lists of addresses and domains take the place of the organisation", viewer, STRANGER],
  ["a domain is on the list, in upper or lower case", { email: "pat@Partner.example" }, AS_VIEWER],
  ["an address is on the list", { email: "carl@freelance.example" }, AS_VIEWER],
  ["the ending of a domain is not the domain", { email: "eve@notpartner.example" }, STRANGER],
  ["a subdomain is not the domain", { email: "eve@sub.partner.example" }, STRANGER],
  ["a text without an at sign has no domain", { email: "partner.example" }, STRANGER],
  ["the beginning of a domain is not the domain", { email: "eve@partner.example.evil.example" }, STRANGER],
])("%s", (_, sender, decision) => {
  expect(authorize(BY_LIST, sender, closed, "customers")).toEqual(decision);
});

test("guests are the people who may not ask; other bots do not count", () => {
  expect(countGuests(BY_ORG, [viewer, admin, stranger, { email: "helper@webex.bot" }])).toBe(1);
});

test("every command has a decision on confidential data, and the guest rule uses it", () => {
  const shown = COMMAND_NAMES.filter((name) => authorize(BY_ORG, admin, withGuest, name).allowed);
  expect(shown).toEqual(COMMAND_NAMES.filter((name) => COMMANDS[name].confidential === false));
  expect(shown).toEqual(["find", "status", "allow", "disallow", "help"]);
});

test.each(COMMAND_NAMES)("%s is for the role that its definition names, and for the roles above", (command) => {
  const rank = ["viewer", "operator", "admin"].indexOf(COMMANDS[command].needs);
  const allowed = [viewer, operator, admin].map((sender) => authorize(BY_ORG, sender, closed, command).allowed);
  expect(allowed).toEqual([rank <= 0, rank <= 1, rank <= 2]);
});

const FOR_OPERATORS = ["ack", "mute", "unmute", "watch", "unwatch", "digest", "drill"] as const;
const FOR_ADMINS = ["use", "allow", "disallow"] as const;

test("operators act on alerts, admins on spaces, and everything else is for every insider", () => {
  const namesFor = (role: string) => COMMAND_NAMES.filter((name) => COMMANDS[name].needs === role);
  expect(namesFor("operator").toSorted()).toEqual([...FOR_OPERATORS].toSorted());
  expect(namesFor("admin").toSorted()).toEqual([...FOR_ADMINS].toSorted());
});
