import fc from "fast-check";
import { distance } from "fastest-levenshtein";
import { expect, test } from "vitest";
import { parse } from "../../src/domain/commands/parse.ts";
import { Failure } from "../../src/errors.ts";
import { createCardLookup, parseWebhookEvent, pressText, withoutMention } from "../../src/webex/inbound.ts";

const BOT = {
  id: Buffer.from("ciscospark://us/PEOPLE/11111111-2222-3333-4444-555555555555").toString("base64"),
  displayName: "Wholesale Bot",
  emails: ["wholesale@webex.bot"],
  orgId: "org",
  type: "bot",
};

const mention = (name: string, id = BOT.id) =>
  `<spark-mention data-object-type="person" data-object-id="${id}">${name}</spark-mention>`;

test.each([
  ["Wholesale Bot customers", `<p>${mention("Wholesale Bot")} customers</p>`, "customers"],
  [
    "Wholesale customers status=error",
    `<p>${mention("Wholesale")} customers status=error</p>`,
    "customers status=error",
  ],
  ["Wholesale Bot: customers", `<p>${mention("Wholesale Bot")}: customers</p>`, "customers"],
  ["hey Wholesale Bot customers", `<p>hey ${mention("Wholesale Bot")} customers</p>`, "hey   customers"],
  [
    "Wholesale Bot customers Wholesale Bot",
    `<p>${mention("Wholesale Bot")} customers ${mention("Wholesale Bot")}</p>`,
    "customers",
  ],
  ["R&D Bot customers", `<p>${mention("R&amp;D Bot")} customers</p>`, "customers"],
])("the mention in “%s” is taken out, whatever it was typed as", (text, html, expected) => {
  expect(withoutMention({ text, html }, BOT)).toBe(expected);
});

test("a mention that names the bot by its bare uuid is the bot's too", () => {
  const html = `<p>${mention("Wholesale", "11111111-2222-3333-4444-555555555555")} status</p>`;
  expect(withoutMention({ text: "Wholesale status", html }, BOT)).toBe("status");
});

test("the mention of another person stays", () => {
  const html = `${mention("Wholesale Bot")} customer ${mention("Ada", "someone")}`;
  expect(withoutMention({ text: "Wholesale Bot customer Ada", html }, BOT)).toBe("customer Ada");
});

test("without HTML the bot's name is taken off the front, and only there", () => {
  expect(withoutMention({ text: "wholesale bot customers" }, BOT)).toBe("customers");
  expect(withoutMention({ text: "customers name=Wholesale" }, BOT)).toBe("customers name=Wholesale");
  expect(withoutMention({ text: "wholesalers unite" }, BOT)).toBe("wholesalers unite");
});

test("a press is the command on the button", () => {
  expect(pressText({ command: "customers page=2" })).toBe("customers page=2");
  expect(pressText({})).toBe("");
});

test("inputs become quoted name=value; empty ones are left out", () => {
  expect(pressText({ command: "customer", customer: "Y2lz=" })).toBe('customer customer="Y2lz="');
  expect(pressText({ command: "customers", externalId: " ", orgId: "" })).toBe("customers");
});

test("an input that holds several values becomes a list", () => {
  const text = pressText({ command: "customers", "status[]": "error,updating", max: "20" });
  expect(text).toBe('customers status="error","updating" max="20"');
});

test("a button takes only the inputs that it names", () => {
  expect(pressText({ command: "customers page=2", with: "", customer: "Y2lz" })).toBe("customers page=2");
  expect(pressText({ command: "customer", with: "customer", customer: "Y2lz", other: "x" })).toBe(
    'customer customer="Y2lz"',
  );
});

test("what is typed into a form stays one value, whatever it holds", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (typed) => {
      const parsed = parse(pressText({ command: "customers", externalId: typed, page: 3 }), { distance });
      if (!parsed.ok || parsed.command.name !== "customers") return false;
      const fields = parsed.command.filter.map(({ field, values }) => [field, values.length]);
      return (
        parsed.command.page === 3 && JSON.stringify(fields) === (fields.length === 0 ? "[]" : '[["externalId",1]]')
      );
    }),
  );
});

const lookUp = (code: string) => {
  const message = async () => Promise.reject(new Failure(code, "Webex refused.", ""));
  return createCardLookup({ message } as never, BOT)("card").catch((error: Failure) => error.code);
};

test("a pressed card without a record is gone only if Webex has no such message; else the press is tried again", async () => {
  expect(await lookUp("webex.not_found")).toBeUndefined();
  for (const code of ["webex.unauthorized", "webex.forbidden", "webex.bad_request", "webex.unexpected"]) {
    expect(await lookUp(code)).toBe(code);
  }
});

test.each(["id", "roomId", "personId", "created"])("an event whose %s no database could store is none", (field) => {
  const body = (value: string) =>
    JSON.stringify({ resource: "messages", event: "created", data: { id: "m", roomId: "r", [field]: value } });
  expect(parseWebhookEvent(body("x"))).toBeDefined();
  for (const value of ["\0", "a\0b", "\ud800"]) expect(parseWebhookEvent(body(value))).toBeUndefined();
});
