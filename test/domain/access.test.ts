import { expect, test } from "vitest";
import {
  type AccessDecision,
  authorize,
  isGuest,
  type Policy,
  type Refusal,
  type Sender,
  seesScopes,
  shownBy,
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

const guests: Refusal = { because: "guests", guests: 1 };
const unsure: Refusal = { because: "unsure" };

const AS_VIEWER: AccessDecision = { allowed: true, role: "viewer" };
const AS_ADMIN: AccessDecision = { allowed: true, role: "admin" };
const STRANGER: AccessDecision = { allowed: false, because: "stranger" };
const GUESTS: AccessDecision = { allowed: false, because: "guests", guests: 1 };
const UNSURE: AccessDecision = { allowed: false, ...unsure };
const NEEDS_ADMIN: AccessDecision = { allowed: false, because: "role", needs: "admin" };

test.each<[string, Sender, CommandName, Refusal | undefined, AccessDecision]>([
  ["people of the bot's own organisation may ask", viewer, "customers", undefined, AS_VIEWER],
  ["others may not", stranger, "customers", undefined, STRANGER],
  ["others may not ask for help either", stranger, "help", undefined, STRANGER],
  ["an unknown organisation is a stranger's", { email: viewer.email }, "customers", undefined, STRANGER],
  ["what may not be shown in the room is not", viewer, "customers", guests, GUESTS],
  ["where it is not known who would see it, neither", viewer, "customer", unsure, UNSURE],
  ["a viewer does not allow a space", viewer, "allow", undefined, NEEDS_ADMIN],
  ["an operator does not either", operator, "allow", undefined, NEEDS_ADMIN],
  ["an admin allows a space", admin, "allow", undefined, AS_ADMIN],
])("%s", (_, sender, command, refusal, decision) => {
  expect(authorize(BY_ORG, sender, command, refusal)).toEqual(decision);
});

test("where the bot's own organisation is not known, nobody belongs to it", () => {
  expect(authorize({ ...BY_ORG, homeOrgId: "" }, { ...viewer, orgId: "" }, "customers", undefined)).toEqual(STRANGER);
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
  expect(authorize(BY_LIST, sender, "customers", undefined)).toEqual(decision);
});

test.each<[string, Policy, Sender, boolean]>([
  ["of the bot's own organisation", BY_ORG, { email: "helper@webex.bot", orgId: HOME }, false],
  ["of an older kind", BY_ORG, { email: "helper@sparkbot.io", orgId: HOME }, false],
  ["of a listed domain", { ...BY_LIST, emailDomains: ["webex.bot"] }, { email: "helper@webex.bot" }, false],
  ["whose own address is listed", { ...BY_LIST, emails: ["helper@webex.bot"] }, { email: "Helper@webex.bot" }, true],
])("a bot %s: is it an insider?", (_, policy, bot, isInsider) => {
  expect(authorize(policy, bot, "customers", undefined).allowed).toBe(isInsider);
});

test("guests are the people who may not ask; other bots are none", () => {
  const bot = { email: "helper@webex.bot", orgId: HOME };
  expect([viewer, admin, stranger, bot].filter((member) => isGuest(BY_ORG, member))).toEqual([stranger]);
});

test("every command has a decision on confidential data, and the gate is asked by it", () => {
  const customers = { scopes: [""] };
  const open = COMMAND_NAMES.filter((name) => shownBy(name, customers) === "no customers");
  expect(open).toEqual(COMMAND_NAMES.filter((name) => COMMANDS[name].confidential === false));
  expect(open).toEqual(["turn", "find", "timezone", "confirm", "status", "allow", "disallow", "smallTalk", "help"]);
  expect(shownBy("customers", customers)).toBe(customers);
});

test("a room that is bound to a sub-partner sees its customers alone, another one all", () => {
  expect([seesScopes("", ["", "acme"]), seesScopes("acme", ["acme"]), seesScopes("acme", [])]).toEqual([
    true,
    true,
    true,
  ]);
  expect([seesScopes("acme", [""]), seesScopes("acme", ["acme", "other"])]).toEqual([false, false]);
});

test.each(COMMAND_NAMES)("%s is for the role that its definition names, and for the roles above", (command) => {
  const rank = ["viewer", "operator", "admin"].indexOf(COMMANDS[command].needs);
  const allowed = [viewer, operator, admin].map((sender) => authorize(BY_ORG, sender, command, undefined).allowed);
  expect(allowed).toEqual([rank <= 0, rank <= 1, rank <= 2]);
});

const FOR_OPERATORS = [
  "ack",
  "unack",
  "mute",
  "unmute",
  "watch",
  "unwatch",
  "allWatches",
  "digest",
  "timezone",
  "outbox",
  "drill",
  "confirm",
] as const;
const FOR_ADMINS = ["use", "allow", "disallow", "audit", "forget"] as const;

test("operators act on alerts, admins on spaces, and everything else is for every insider", () => {
  const namesFor = (role: string) => COMMAND_NAMES.filter((name) => COMMANDS[name].needs === role);
  expect(namesFor("operator").toSorted()).toEqual([...FOR_OPERATORS].toSorted());
  expect(namesFor("admin").toSorted()).toEqual([...FOR_ADMINS].toSorted());
});

test.each([
  "\u212Aim@home.example",
  "kim@\u212Aing.example",
  "kim@king.example\n",
  "kim@k\u0131ng.example",
  "kim@king.example.",
  "kim@evil.example(@king.example",
])("%j is nobody's address on a list: a look-alike letter is another letter", (email) => {
  const policy = { ...BY_ORG, operators: ["kim@home.example"], emailDomains: ["king.example"] };
  expect(authorize(policy, { email }, "customers", undefined)).toEqual(STRANGER);
});
