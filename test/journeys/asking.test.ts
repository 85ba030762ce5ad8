import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BY_SOCKET } from "../support/by-socket.ts";
import { EDITS_REFUSED } from "../support/edits.ts";
import { type Journey, startJourney } from "../support/journey.ts";
import { cardOf, choicesOf, titlesOf } from "../support/person.ts";

let journey: Journey;

beforeAll(async () => {
  journey = await startJourney({ customers: 250, seed: 1 });
  await journey.startBot();
});
afterAll(() => journey.stop());

const words = (card: unknown) => JSON.stringify(card);

test("a customer list is asked for in a 1:1 space and comes as a card that has its plain text", async () => {
  const answer = await journey.person("viewer").ask("customers");
  expect(choicesOf(answer)).toHaveLength(10);
  expect(titlesOf(answer)).toEqual(["Open", "Next ›", "Filter", "Refresh", "Export"]);
  expect(answer.text).toContain("1");
});

test("in a group space a mention comes first, and the filter is echoed", async () => {
  const answer = await journey.person("viewer").ask("customers status=error", { roomId: journey.groupRoom });
  expect(words(cardOf(answer))).toContain("status=error");
  const customers = await journey.sandbox<{ items: { id: string; status: string }[] }>(
    "GET",
    "/customers?status=error&max=1000",
  );
  const inError = new Set(customers.items.map(({ id }) => id));
  expect(choicesOf(answer).every(({ value }) => inError.has(value))).toBe(true);
});

test("Next and Prev turn the pages of one and the same message", async () => {
  const viewer = journey.person("viewer");
  const first = await viewer.ask("customers");
  await viewer.press(first, "Next ›");
  const second = await viewer.waitForButton(first, "‹ Prev");
  expect(choicesOf(second)[0]?.title).toMatch(/^11\. /);
  await viewer.press(second, "‹ Prev");
  const back = await viewer.waitForEdit(first, (message) => !titlesOf(message).includes("‹ Prev"));
  expect(choicesOf(back)).toEqual(choicesOf(first));
});

/** An event of a socket has not the id by which the API knows the message or the press, so that is looked up first. */
const LOOKUPS = BY_SOCKET ? 1 : 0;

/** The calls after an edit that was refused. */
const INSTEAD = EDITS_REFUSED ? ["POST /messages", "DELETE /messages/:id"] : [];

test(`paging costs ${2 + LOOKUPS} calls to Webex a command, and so does typing`, async () => {
  const viewer = journey.person("viewer");
  const first = await viewer.ask("customers", { roomId: journey.groupRoom });
  await journey.takeBotCalls();
  const typed = await viewer.ask("customers", { roomId: journey.groupRoom });
  const lookups = (path: string) => Array(LOOKUPS).fill(`GET /conversation/api/${path}/:id`);
  expect(await journey.takeBotCalls()).toEqual([...lookups("messages"), "GET /messages/:id", "POST /messages"]);
  await viewer.press(typed, "Next ›");
  await viewer.waitForButton(typed, "‹ Prev");
  const read = [...lookups("attachment/actions"), "GET /attachment/actions/:id"];
  expect(await journey.takeBotCalls()).toEqual([...read, "PUT /messages/:id", ...INSTEAD]);
  expect(first.id).not.toBe(typed.id);
});

test("a customer opens by the picker, by `open 3` and by an ID, all the same", async () => {
  const viewer = journey.person("viewer");
  const list = await viewer.ask("customers");
  const third = choicesOf(list)[2];
  const title = third?.title.replace(/^3\. /, "").split(" — ")[0] ?? "?";
  const typed = await viewer.ask("open 3");
  expect(words(cardOf(typed))).toContain(title);
  const before = (await viewer.fromBot(list.roomId)).length;
  await viewer.press(list, "Open", { customer: third?.value ?? "" });
  const picked = await viewer.waitForMessage(
    list.roomId,
    (message) =>
      message.id !== typed.id &&
      words(message).includes(third?.value ?? "?") &&
      titlesOf(message).includes("Back to list"),
  );
  expect((await viewer.fromBot(list.roomId)).length).toBe(before + 1);
  expect(words(cardOf(picked).body)).toBe(words(cardOf(typed).body));
  const byId = await viewer.ask(`customer ${third?.value}`);
  expect(words(cardOf(byId))).toContain(title);
});

test("a row of another page than the shown one is opened too", async () => {
  const viewer = journey.person("viewer");
  const list = await viewer.ask("customers");
  await viewer.press(list, "Next ›");
  const second = await viewer.waitForButton(list, "‹ Prev");
  const opened = await viewer.ask("open 3");
  expect(words(cardOf(opened))).toContain(choicesOf(list)[2]?.value);
  expect(choicesOf(second)[0]?.title).toMatch(/^11\. /);
});

test("Open without a choice is answered with the choices", async () => {
  const viewer = journey.person("viewer");
  const list = await viewer.ask("customers");
  await viewer.press(list, "Open", { customer: "" });
  const answer = await viewer.waitForMessage(list.roomId, (message) => words(message).includes("Which customer?"));
  expect(titlesOf(answer)[0]).toMatch(/^Open 1: /);
});

test("the filter form opens filled in, and Apply shows what was chosen in its place", async () => {
  const viewer = journey.person("viewer");
  const list = await viewer.ask("customers status=error");
  await viewer.press(list, "Filter");
  const form = await viewer.waitForButton(list, "Apply");
  expect(cardOf(form).body.find(({ id }) => id === "status")).toMatchObject({ value: "error" });
  await viewer.press(form, "More", {
    text: "e",
    status: "provisioning",
    package: "*",
    country: "",
    "package.status[]": "",
  });
  const more = await viewer.waitForEdit(form, (message) => words(message).includes("Organisation ID"));
  expect(cardOf(more).body.find(({ id }) => id === "text")).toMatchObject({ value: "e" });
  await viewer.press(more, "Apply", { status: "provisioning", package: "*", externalId: "", orgId: "", max: "5" });
  const applied = await viewer.waitForEdit(list, (message) => words(message).includes("status=provisioning"));
  expect(choicesOf(applied).length).toBeLessThanOrEqual(5);
});

test("the API page's own example customer is shown as it is: error, the warning's text, the add-on", async () => {
  const seed = JSON.parse(readFileSync(new URL("../fixtures/seed-example.json", import.meta.url), "utf8"));
  const [example] = seed.items;
  const answer = await journey.person("viewer").ask(`customer ${example.externalId}`);
  const straight = (text: string) => text.replaceAll(/[\u2060\u200b]/g, "").replaceAll("\u00a0", " ");
  const card = straight(words(cardOf(answer)));
  const text = straight(answer.text ?? "");
  for (const part of [
    "✕ Error",
    "2560",
    "One or more Webex Calling services are unavailable",
    "Toll dial-in",
    "Milpitas",
    example.id,
    example.orgId,
  ]) {
    expect(card).toContain(part);
    expect(text).toContain(part);
  }
});

test("the subscribers of a customer and one by address are read live; the customer's card has the licence ids", async () => {
  const viewer = journey.person("viewer");
  await viewer.ask("customers status=provisioned");
  const card = await viewer.ask("open 2");
  expect(words(cardOf(card))).toMatch(/Licence ID of [^"]+/);
  await viewer.press(card, "Subscribers");
  const people = await viewer.waitForButton(card, "Customer");
  const [, email = ""] = /\b1\. (\S+@\S+):/.exec(people.text ?? "") ?? [];
  expect(email).toMatch(/\.example$/);
  const one = await viewer.ask(`subscribers ${email}`);
  expect(one.text).toMatch(/^Subscribers with /);
  expect(one.text).toContain(`1. ${email}, `);
  await journey.addFault({ api: "wholesale", path: "/wholesale/subscribers", status: 403 });
  expect((await viewer.ask("subscribers 1")).text).toMatch(
    /^The bot may not read subscribers\n.*wholesale_subscribers_read/,
  );
  expect((await viewer.ask("status")).text).toContain("Everything works");
});

test("`errors` shows the customers with problems of either kind, each once", async () => {
  const viewer = journey.person("viewer");
  const answer = await viewer.ask("errors");
  const customers = await journey.sandbox<{ items: { id: string; status: string }[] }>("GET", "/customers?max=1000");
  const unhealthy = customers.items
    .filter(({ status }) => ["error", "provisioned_with_errors"].includes(status))
    .map(({ id }) => id);
  const shown = choicesOf(answer).map(({ value }) => value);
  expect(shown.length).toBe(Math.min(10, unhealthy.length));
  expect(new Set(shown).size).toBe(shown.length);
  expect(shown.every((id) => unhealthy.includes(id))).toBe(true);
});

test("a typing error is named, and the nearest command is a button that works", async () => {
  const viewer = journey.person("viewer");
  const answer = await viewer.ask("customers status=eror");
  const button = titlesOf(answer).find((title) => title.startsWith("Did you mean")) ?? "";
  expect(button).toContain("status=error");
  await viewer.press(answer, button);
  const list = await viewer.waitForButton(answer, "Refresh");
  expect(words(cardOf(list))).toContain("status=error");
});

test("a question in a thread is answered in that thread", async () => {
  const viewer = journey.person("viewer");
  const root = await viewer.ask("help", { roomId: journey.groupRoom });
  const answer = await viewer.ask("customers", { roomId: journey.groupRoom, parentId: root.id });
  expect(answer.parentId).toBe(root.id);
  await viewer.press(answer, "Open", { customer: choicesOf(answer)[0]?.value ?? "" });
  const opened = await viewer.waitForMessage(
    journey.groupRoom,
    (message) => message.parentId === root.id && message.id !== answer.id,
  );
  expect(titlesOf(opened)).toContain("Back to list");
});

test("status reports the health of the bot", async () => {
  const answer = await journey.person("viewer").ask("status");
  expect(answer.text).toMatch(/^Everything works\nAll \d+ customers were read .* ago\.\nVersion /);
});

test("nothing that people wrote, no address and no token is in the log", () => {
  const log = JSON.stringify(journey.logEntries);
  for (const secret of [
    "status=error",
    "@",
    journey.env.WEBEX_BOT_TOKEN ?? "",
    journey.env.WHOLESALE_ACCESS_TOKEN ?? "",
  ]) {
    expect(log).not.toContain(secret);
  }
});
