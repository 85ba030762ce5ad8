import { expect, test } from "vitest";
import { CARD, startTwins } from "./twins.ts";

const USUAL = {
  cardEdits: "accepted",
  multipleStatuses: "any",
  nextLinks: true,
  organizations: true,
  activityTexts: "encrypted",
};

test("how several statuses are taken can be changed while the sandbox runs", async () => {
  const { wholesale, control } = await startTwins({ customers: 400 });
  const statusesOf = async (query: string) => {
    const { status, body } = await wholesale("GET", `/wholesale/customers?max=100&${query}`);
    const statuses = (body.items ?? []).map((item: { status: string }) => item.status);
    return status === 200 ? [...new Set(statuses)].toSorted() : status;
  };
  const all = await statusesOf("");
  expect(all).toEqual(expect.arrayContaining(["error", "provisioned"]));
  const both = ["error", "provisioned_with_errors"];
  const wanted = {
    any: [both, []],
    comma: [both, both],
    reject: [400, []],
    ignore: [all, []],
    last: [["error"], []],
  };
  for (const [multipleStatuses, [repeated, byComma]] of Object.entries(wanted)) {
    const { body } = await control("POST", "/behaviour", { multipleStatuses });
    expect(body).toEqual({ ...USUAL, multipleStatuses });
    expect(await statusesOf("status=provisioned_with_errors&status=error")).toEqual(repeated);
    expect(await statusesOf("status=error,provisioned_with_errors")).toEqual(byComma);
  }
});

test("edits of cards can be refused, and are taken again as at the start", async () => {
  const { bot, noc, control } = await startTwins();
  const { body: card } = await bot("POST", "/messages", { roomId: noc, text: "page 1", attachments: [CARD] });
  const { body: text } = await bot("POST", "/messages", { roomId: noc, text: "before" });
  const edit = ({ id }: { id: string }, change: object) =>
    bot("PUT", `/messages/${id}`, { roomId: noc, text: "after", ...change });
  await control("POST", "/behaviour", { cardEdits: "refused" });
  for (const refused of [
    await edit(card, { attachments: [CARD] }),
    await edit(card, {}),
    await edit(text, { attachments: [CARD] }),
  ]) {
    expect(refused.status).toBe(400);
    expect(refused.body.message).toMatch(/^Edits of messages containing files or attachments are not/);
  }
  expect((await edit(text, {})).status).toBe(200);
  expect((await control("DELETE", "/behaviour")).status).toBe(204);
  expect((await edit(card, { attachments: [CARD] })).body.text).toBe("after");
});

test("links and names of organisations can be taken away and given back", async () => {
  const { wholesale, control } = await startTwins({ behaviour: { nextLinks: false } });
  const link = async () => (await wholesale("GET", "/wholesale/customers?max=5")).headers.has("link");
  const names = async () => (await wholesale("GET", "/organizations")).status;
  expect([await link(), await names()]).toEqual([false, 200]);
  await control("POST", "/behaviour", { nextLinks: true, organizations: false });
  expect([await link(), await names()]).toEqual([true, 403]);
  await control("DELETE", "/behaviour");
  expect([await link(), await names()]).toEqual([false, 200]);
});

test("a behaviour that does not exist is refused, and changes nothing", async () => {
  const { control } = await startTwins();
  expect((await control("POST", "/behaviour", { cardEdits: "refused", colour: "red" })).status).toBe(400);
  expect((await control("POST", "/behaviour", { multipleStatuses: "some" })).status).toBe(400);
  expect((await control("GET", "/behaviour")).body).toEqual(USUAL);
});

test("links lack what was asked for, for other APIs and other clients as well", async () => {
  const { viewer, noc, control } = await startTwins();
  for (const text of ["one", "two"]) await viewer("POST", "/messages", { roomId: noc, text });
  await control("POST", "/faults", { api: "webex", path: "/messages", bareLinks: true, by: "anyone" });
  const { headers } = await viewer("GET", `/messages?roomId=${noc}&max=1`);
  expect(headers.get("link")).toMatch(/messages\?beforeMessage=[^&]+&max=1>; rel="next"$/);
});
