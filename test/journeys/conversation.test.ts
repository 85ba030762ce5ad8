import { afterAll, beforeAll, expect, test } from "vitest";
import { alertNumberOf, startHealthyJourney, watchOneCustomer } from "../support/alert-journey.ts";
import { EDITS_REFUSED } from "../support/edits.ts";
import type { Journey } from "../support/journey.ts";
import { choicesOf, type Message, titlesOf } from "../support/person.ts";
import { until } from "../support/until.ts";

let journey: Journey;

beforeAll(async () => {
  journey = await startHealthyJourney();
});
afterAll(() => journey.stop());

test("a list is turned, opened and come back to by words alone", async () => {
  const viewer = journey.person("viewer");
  const list = await viewer.ask("customers status=provisioned");
  expect(choicesOf(list)).toHaveLength(10);
  const second = await viewer.ask("next");
  expect(second.text).toContain("status=provisioned");
  expect(choicesOf(second)[0]?.title).toMatch(/^11\. /);
  const third = choicesOf(second)[2]?.value;
  await viewer.ask("13");
  const history = await viewer.ask("history");
  expect(JSON.stringify(history.attachments)).toContain(third);
  const back = await viewer.ask("back");
  expect(choicesOf(back)[0]?.title).toMatch(/^11\. /);
  expect(choicesOf(await viewer.ask("page 3"))[0]?.title).toMatch(/^21\. /);
  const first = await viewer.ask("page 1");
  // The names of customers, and with them the titles, may still be read.
  const shown = (message: Message) => choicesOf(message).map(({ value }) => value);
  expect(shown(first)).toEqual(shown(list));
});

test("in the thread of an alert its number is left out", async () => {
  const { owner, roomId, id, fail, waitFor, waitForEdit } = await watchOneCustomer(journey);
  await fail();
  const alert = await waitFor(/^✕ Error: /, id);
  const number = alertNumberOf(alert);
  const inThread = (text: string) => owner.ask(text, { roomId, parentId: alert.id });
  // The message is on the screen before the bot has recorded what it shows.
  await until(async () => expect((await inThread("open")).text).toContain(id));
  expect(alert.text).toMatch(/^10022 The e-mail .*\nYour turn: .*\nThis code came once in /m);
  expect((await inThread("ack on it")).text).toContain(`acknowledged alert ${number}`);
  if (!EDITS_REFUSED) await waitForEdit(alert, /[Aa]cknowledged by/);
  expect((await inThread("unack")).text).toContain(`No longer acknowledged: alert ${number}`);
  const muted = await inThread("mute 2h");
  expect(muted.text).toMatch(/^Muted until /);
  expect(titlesOf(muted)).toContain("Undo");
  expect((await inThread("alert")).text).toContain(`${number}`);
  const code = await inThread("code");
  expect(code.text).toMatch(/^Code 10022\nThe e-mail address belongs to a user/);
  expect(code.text).toMatch(
    /^Now: 1 package of 1 customer\nBefore: This code came once in .*; it has not recovered\./m,
  );
  expect(titlesOf(code)).toEqual(["Show 1 customer", "Refresh"]);
  const followed = await inThread("follow");
  await owner.press(followed, "Undo");
  await owner.waitForMessage(roomId, /^No longer following /);
  expect((await owner.ask("unfollow", { roomId })).text).toMatch(/^You follow no customer/);
});

test("a question of the bot is answered by yes", async () => {
  const { owner, roomId } = await watchOneCustomer(journey);
  await owner.ask("watch country=DE", { roomId });
  // The baseline of the watch may come before or after the answers.
  await owner.send("yes", { roomId });
  await owner.waitForMessage(roomId, /^Watching: watch 2/);
  await owner.send("yes", { roomId });
  await owner.waitForMessage(roomId, /nothing to confirm/);
});

test("one clock: without a zone the reader's on cards and UTC in texts, with one that of the space", async () => {
  const { owner, roomId, id } = await watchOneCustomer(journey);
  const mute = `mute externalId=${id} for=2h because="work"`;
  const plain = await owner.ask(mute, { roomId });
  expect(plain.text).toMatch(/^Muted until (?:\d+ \w+, )?\d\d:\d\d UTC/);
  expect(JSON.stringify(plain.attachments)).toMatch(/Muted until (?:\{\{DATE\([^)]*\)\}\} )?\{\{TIME\(/);
  expect(JSON.stringify(plain.attachments)).not.toContain("UTC");
  expect((await owner.ask("timezone Asia/Tokyo", { roomId })).text).toMatch(/Asia\/Tokyo\nIt is \d\d:\d\d GMT\+9/);
  const own = await owner.ask("mutes", { roomId });
  expect(own.text).toContain("GMT+9");
  expect(JSON.stringify(own.attachments)).toContain("GMT+9");
  expect(JSON.stringify(own.attachments)).not.toContain("{{TIME");
  expect((await owner.ask("digest daily 09:00", { roomId })).text).toContain("daily at 09:00 Asia/Tokyo");
  await owner.ask("timezone off", { roomId });
  expect((await owner.ask("mutes", { roomId })).text).toContain("UTC");
});
