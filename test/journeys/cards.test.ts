import { afterEach, beforeEach, expect, test } from "vitest";
import { EDITS_REFUSED } from "../support/edits.ts";
import { type Journey, startJourney } from "../support/journey.ts";
import { choicesOf, type Message, type Person, titlesOf } from "../support/person.ts";
import { until } from "../support/until.ts";

let journey: Journey;
let viewer: Person;

beforeEach(async () => {
  journey = await startJourney({ customers: 60 });
  await journey.startBot();
  viewer = journey.person("viewer");
});
afterEach(() => journey.stop());

const firstRow = (message: Message) => choicesOf(message)[0]?.title.split(".")[0];

/** Presses, and waits until some list in the room begins with this row. */
async function turn(list: Message, title: string, row: string): Promise<Message> {
  await viewer.press(list, title);
  return viewer.waitForMessage(
    list.roomId,
    (message) => titlesOf(message).includes("Refresh") && firstRow(message) === row,
  );
}

test("paging goes on past the ten edits that Webex allows, and never leaves two lists", async () => {
  let list = await viewer.ask("customers");
  const rows: (string | undefined)[] = [];
  for (let round = 0; round < 12; round += 1) {
    const [title, row] = round % 2 === 0 ? ["Next ›", "11"] : ["‹ Prev", "1"];
    list = await turn(list, title ?? "", row ?? "");
    rows.push(firstRow(list));
    // Past the tenth edit the old card goes only after the new one has come.
    const { roomId } = list;
    await expect.poll(async () => (await viewer.fromBot(roomId)).length).toBe(1);
  }
  expect(rows).toEqual(Array.from({ length: 12 }, (_, round) => (round % 2 === 0 ? "11" : "1")));
});

test("where Webex refuses to edit cards, a new card takes the old one's place", async () => {
  await journey.addFault({ api: "webex", method: "PUT", path: "/messages", status: 400 });
  const list = await viewer.ask("customers");
  const second = await turn(list, "Next ›", "11");
  expect(second.id).not.toBe(list.id);
  await expect.poll(async () => (await viewer.fromBot(list.roomId)).map(({ id }) => id)).toEqual([second.id]);
});

test("a press is answered although another one on the same card had the card replaced meanwhile", async () => {
  await journey.addFault({ api: "webex", method: "PUT", path: "/messages", status: 400 });
  const list = await viewer.ask("customers");
  await journey.holdNextPost();
  await viewer.press(list, "Next ›");
  await until(async () => expect(await journey.sandbox("GET", "/faults")).toHaveLength(1));
  await viewer.press(list, "Open", { customer: choicesOf(list)[0]?.value ?? "" });
  await journey.clearFaults();
  await journey.waitForLog("answer.sent", 3 - journey.logged("answer.sent").length);
  expect(journey.logged("press.ignored")).toEqual([]);
  expect((await viewer.fromBot(list.roomId)).map(firstRow)).toEqual(["11", undefined]);
});

test("a double press turns one page", async () => {
  const list = await viewer.ask("customers");
  await Promise.all([viewer.press(list, "Next ›"), viewer.press(list, "Next ›")]);
  await expect.poll(() => journey.logged("answer.duplicate").length).toBe(1);
  expect(journey.logged("answer.sent").map(({ pressed }) => pressed)).toEqual([false, true]);
  const [only, ...others] = await viewer.fromBot(list.roomId);
  expect(others).toEqual([]);
  expect(only && firstRow(only)).toBe("11");
});

test("a double press on Open opens one card", async () => {
  const list = await viewer.ask("customers");
  const customer = choicesOf(list)[0]?.value ?? "";
  await Promise.all([viewer.press(list, "Open", { customer }), viewer.press(list, "Open", { customer })]);
  await expect.poll(() => journey.logged("answer.duplicate").length).toBe(1);
  expect(await viewer.fromBot(list.roomId)).toHaveLength(2);
});

test("buttons on a card from before a restart still work", async () => {
  const list = await viewer.ask("customers");
  await journey.restartBot();
  expect(firstRow(await turn(list, "Next ›", "11"))).toBe("11");
});

test("even when the database was lost, an old card is paged, in place if it can be edited", async () => {
  const list = await viewer.ask("customers");
  await journey.restartBot({ fresh: true });
  const second = await turn(list, "Next ›", "11");
  expect(second.id === list.id).toBe(!EDITS_REFUSED);
});

test("a card that the database does not know is no list: a customer opened from it has a button back to a list", async () => {
  const list = await viewer.ask("customers");
  await journey.restartBot({ fresh: true });
  const [first, second] = choicesOf(list);
  for (const customer of [first?.value ?? "", second?.value ?? ""]) {
    await viewer.press(list, "Open", { customer });
    const opened = await viewer.waitForMessage(list.roomId, (message) => (message.text ?? "").includes(customer));
    expect(titlesOf(opened)).toContain("Back to list");
  }
});

test("a card that was deleted meanwhile is answered by a new one", async () => {
  const list = await viewer.ask("customers");
  await journey.addFault({ api: "webex", method: "PUT", path: "/messages", status: 404, times: 1 });
  const second = await turn(list, "Next ›", "11");
  expect(second.id).not.toBe(list.id);
});

test("Refresh asks the API anew, and shows what changed", async () => {
  const list = await viewer.ask("customers");
  const [first] = choicesOf(list);
  await journey.changeCustomer(first?.value ?? "", { address: { city: "Ljubljana" } });
  await viewer.press(list, "Refresh");
  await viewer.waitForEdit(list, (message) => JSON.stringify(message).includes("Ljubljana"));
});

test("a card that Webex refuses goes out as its plain text", async () => {
  await viewer.ask("help");
  await journey.addFault({ api: "webex", method: "POST", path: "/messages", status: 400, times: 1 });
  const answer = await viewer.ask("customers");
  expect(answer.attachments ?? []).toEqual([]);
  expect(answer.text).toContain("Customers");
});

test("a page behind the last one has a button back", async () => {
  const answer = await viewer.ask("customers page=99");
  expect(titlesOf(answer)).toContain("‹ Prev");
  expect(titlesOf(answer)).not.toContain("Next ›");
  expect(titlesOf(answer)).not.toContain("Open");
});

test("names full of markup are shown as text, without any effect", async () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it must stay what it is, text
  const hostile = "<@all> **[x](https://evil.example)** `${1+1}`";
  const list = await viewer.ask("customers");
  const id = choicesOf(list)[0]?.value ?? "";
  await journey.changeCustomer(id, { externalId: hostile, address: { city: hostile } });
  await viewer.press(list, "Refresh");
  const shown = await viewer.waitForEdit(list, (message) => JSON.stringify(message).includes("evil"));
  expect(JSON.stringify(shown)).not.toContain("<@all>");
  expect(JSON.stringify(shown)).not.toContain("](https://");
});
