import { expect, test } from "vitest";
import { authorize, countGuests, type Policy, type RoomAccess } from "../../src/domain/access.ts";
import { COMMAND_NAMES, COMMANDS } from "../../src/domain/commands/registry.ts";

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
const stranger = { email: "eve@elsewhere.example", orgId: "org-else" };

const closed: RoomAccess = { kind: "group", guests: 0, allowed: false };
const withGuest: RoomAccess = { kind: "group", guests: 1, allowed: false };

test("people of the bot's own organisation may ask, others may not", () => {
  expect(authorize(BY_ORG, viewer, closed, "customers")).toEqual({ allowed: true, role: "viewer" });
  expect(authorize(BY_ORG, stranger, closed, "customers")).toEqual({ allowed: false, because: "stranger" });
  expect(authorize(BY_ORG, stranger, { kind: "direct" }, "help")).toEqual({
    allowed: false,
    because: "stranger",
  });
});

test("a sender whose organisation is not known is a stranger", () => {
  expect(authorize(BY_ORG, { email: viewer.email }, closed, "customers")).toMatchObject({
    because: "stranger",
  });
  expect(authorize({ ...BY_ORG, homeOrgId: "" }, { ...viewer, orgId: "" }, closed, "customers")).toMatchObject({
    because: "stranger",
  });
});

test("lists of addresses and domains take the place of the organisation", () => {
  expect(authorize(BY_LIST, viewer, closed, "customers")).toMatchObject({ because: "stranger" });
  expect(authorize(BY_LIST, { email: "pat@Partner.example" }, closed, "customers")).toMatchObject({
    allowed: true,
  });
  expect(authorize(BY_LIST, { email: "carl@freelance.example" }, closed, "customers")).toMatchObject({
    allowed: true,
  });
});

test("a domain is matched whole, never as an ending or a part", () => {
  for (const email of [
    "eve@notpartner.example",
    "eve@sub.partner.example",
    "partner.example",
    "eve@partner.example.evil.example",
  ]) {
    expect(authorize(BY_LIST, { email }, closed, "customers")).toMatchObject({ allowed: false });
  }
});

test("a space with a guest gets no customer data, but its insiders still get help", () => {
  expect(authorize(BY_ORG, viewer, withGuest, "customers")).toEqual({
    allowed: false,
    because: "guests",
    guests: 1,
  });
  expect(authorize(BY_ORG, viewer, withGuest, "customer")).toMatchObject({ because: "guests" });
  expect(authorize(BY_ORG, viewer, withGuest, "help")).toMatchObject({ allowed: true });
});

test("a space whose members cannot be read gets no customer data", () => {
  const unknown: RoomAccess = { kind: "group", guests: undefined, allowed: false };
  expect(authorize(BY_ORG, viewer, unknown, "customers")).toEqual({
    allowed: false,
    because: "guests-unknown",
  });
});

test("a space that an admin allowed gets customer data in spite of guests", () => {
  expect(authorize(BY_ORG, viewer, { ...withGuest, allowed: true }, "customers")).toMatchObject({
    allowed: true,
  });
});

test("only an admin allows a space", () => {
  expect(authorize(BY_ORG, viewer, withGuest, "allow")).toEqual({
    allowed: false,
    because: "role",
    needs: "admin",
  });
  expect(authorize(BY_ORG, { email: "op@home.example", orgId: HOME }, withGuest, "allow")).toMatchObject({
    because: "role",
  });
  expect(authorize(BY_ORG, admin, withGuest, "allow")).toEqual({ allowed: true, role: "admin" });
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
  const operator = { email: "op@home.example", orgId: HOME };
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
