import { expect, test } from "vitest";
import { CARD, readAllPages, startTwins } from "./twins.ts";

test("a message without a good token is refused as Webex refuses it", async () => {
  const { ask } = await startTwins();
  const { status, headers, body } = await ask("GET", "/v1/people/me", { token: "nobody's" });
  expect(status).toBe(401);
  expect(body).toEqual({
    message: expect.any(String),
    errors: [{ description: expect.any(String) }],
    trackingId: headers.get("trackingid"),
  });
});

test("writing to a person opens the 1:1 space, and the second message finds it", async () => {
  const { viewer, bot, people } = await startTwins();
  const first = await viewer("POST", "/messages", { toPersonEmail: people.bot.email, text: "customers" });
  expect(first.body).toMatchObject({
    roomType: "direct",
    text: "customers",
    personEmail: people.viewer.email,
  });
  const answer = await bot("POST", "/messages", {
    toPersonId: people.viewer.id,
    markdown: "**10** customers",
  });
  expect(answer.body).toMatchObject({
    roomId: first.body.roomId,
    text: "10 customers",
    html: "<p><strong>10</strong> customers</p>",
  });
  const room = await viewer("GET", `/rooms/${first.body.roomId}`);
  expect(room.body).toMatchObject({ type: "direct", title: people.bot.displayName });
});

test("a mention becomes an element, a typed name and an id", async () => {
  const { viewer, noc, people } = await startTwins();
  for (const mention of [`<@personId:${people.bot.id}|Wholesale>`, `<@personEmail:${people.bot.email}>`]) {
    const { body } = await viewer("POST", "/messages", {
      roomId: noc,
      markdown: `${mention} customers status=error`,
    });
    expect(body.text).toBe("Wholesale customers status=error");
    expect(body.mentionedPeople).toEqual([people.bot.id]);
    expect(body.html).toContain(
      `<spark-mention data-object-type="person" data-object-id="${people.bot.id}">Wholesale</spark-mention>`,
    );
  }
});

test("a mention of somebody outside the space is a mention", async () => {
  const { viewer, noc, people } = await startTwins();
  const { body } = await viewer("POST", "/messages", {
    roomId: noc,
    markdown: `<@personId:${people.outsider.id}|Eve> hello`,
  });
  expect(body.text).toBe("Eve hello");
  expect(body.mentionedPeople).toEqual([people.outsider.id]);
});

test("a bot can read in a group only messages that mention it, and its own", async () => {
  const { viewer, bot, noc, askBot } = await startTwins();
  const aside = await viewer("POST", "/messages", { roomId: noc, text: "lunch?" });
  const asked = await askBot();
  const own = await bot("POST", "/messages", { roomId: noc, text: "Here." });
  expect((await bot("GET", `/messages/${aside.body.id}`)).status).toBe(404);
  expect((await bot("GET", `/messages/${asked.body.id}`)).status).toBe(200);
  expect((await bot("GET", `/messages/${own.body.id}`)).status).toBe(200);
  expect((await bot("GET", `/messages?roomId=${noc}`)).status).toBe(403);
  const { body } = await bot("GET", `/messages?roomId=${noc}&mentionedPeople=me`);
  expect(body.items.map(({ id }: { id: string }) => id)).toEqual([asked.body.id]);
});

test("spaces and messages of others are not found", async () => {
  const { viewer, outsider, noc } = await startTwins();
  const said = await viewer("POST", "/messages", { roomId: noc, text: "ours" });
  expect((await outsider("GET", `/messages/${said.body.id}`)).status).toBe(404);
  expect((await outsider("GET", `/messages?roomId=${noc}`)).status).toBe(404);
  expect((await outsider("POST", "/messages", { roomId: noc, text: "hello" })).status).toBe(404);
  expect((await outsider("GET", `/rooms/${noc}`)).status).toBe(404);
  expect((await outsider("GET", `/memberships?roomId=${noc}`)).status).toBe(404);
});

test("text and markdown may have 7,439 bytes each, and not one more", async () => {
  const { viewer, noc } = await startTwins();
  const full = `${"é".repeat(3719)}x`;
  for (const field of ["text", "markdown"]) {
    expect((await viewer("POST", "/messages", { roomId: noc, [field]: full })).status).toBe(200);
    expect((await viewer("POST", "/messages", { roomId: noc, [field]: `${full}x` })).status).toBe(400);
  }
});

test.each([
  ["nothing to say", {}],
  ["an empty text", { text: "" }],
  ["two cards", { text: "two", attachments: [CARD, CARD] }],
  ["an attachment that is no card", { text: "x", attachments: [{ ...CARD, contentType: "image/png" }] }],
  ["a card that is none", { text: "x", attachments: [{ ...CARD, content: { type: "Table" } }] }],
  ["a file by something that is no address", { text: "x", files: ["a.png"] }],
  ["a second place to go to", { text: "x", toPersonEmail: "wholesale@webex.bot" }],
  ["a parent that does not exist", { text: "x", parentId: "nothing" }],
])("a message is refused with %s", async (_, message) => {
  const { viewer, noc } = await startTwins();
  const { status, body } = await viewer("POST", "/messages", { roomId: noc, ...message });
  expect(status).toBe(400);
  expect(body.message).not.toBe("");
});

test("a card that Webex would not take is refused, with the reasons", async () => {
  const { bot, noc } = await startTwins({ refusals: () => ["card.body[0]: is too blue"] });
  const { status, body } = await bot("POST", "/messages", { roomId: noc, text: "x", attachments: [CARD] });
  expect(status).toBe(400);
  expect(body.errors).toEqual([{ description: "card.body[0]: is too blue" }]);
});

test("a reply needs a root in the same space, and a reply to a reply is refused", async () => {
  const { viewer, secondViewer, noc, warRoom } = await startTwins();
  const root = await viewer("POST", "/messages", { roomId: noc, text: "root" });
  const reply = await secondViewer("POST", "/messages", {
    roomId: noc,
    text: "reply",
    parentId: root.body.id,
  });
  expect(reply.body.parentId).toBe(root.body.id);
  const deeper = await viewer("POST", "/messages", { roomId: noc, text: "deeper", parentId: reply.body.id });
  expect(deeper.status).toBe(400);
  const elsewhere = await viewer("POST", "/messages", {
    roomId: warRoom,
    text: "elsewhere",
    parentId: root.body.id,
  });
  expect(elsewhere.status).toBe(400);
  const { body } = await viewer("GET", `/messages?roomId=${noc}&parentId=${root.body.id}`);
  expect(body.items).toEqual([reply.body]);
});

test("an edit may replace the card, ten times, and not an eleventh", async () => {
  const { bot, noc } = await startTwins();
  const { body: card } = await bot("POST", "/messages", { roomId: noc, text: "page 1", attachments: [CARD] });
  const turn = (page: number) =>
    bot("PUT", `/messages/${card.id}`, { roomId: noc, markdown: `page *${page}*`, attachments: [CARD] });
  for (let page = 2; page <= 11; page += 1) {
    expect((await turn(page)).body).toMatchObject({
      id: card.id,
      text: `page ${page}`,
      updated: expect.any(String),
    });
  }
  expect((await turn(12)).status).toBe(400);
  expect((await bot("GET", `/messages/${card.id}`)).body.text).toBe("page 11");
});

test("only authors edit and delete, and an edit needs a room id and a text", async () => {
  const { viewer, secondViewer, bot, noc, warRoom } = await startTwins();
  const { body: said } = await viewer("POST", "/messages", { roomId: noc, text: "mine" });
  const { body: card } = await bot("POST", "/messages", { roomId: noc, text: "card", attachments: [CARD] });
  expect((await secondViewer("PUT", `/messages/${said.id}`, { roomId: noc, text: "yours" })).status).toBe(403);
  expect((await secondViewer("DELETE", `/messages/${said.id}`)).status).toBe(403);
  expect((await viewer("PUT", `/messages/${said.id}`, { roomId: warRoom, text: "moved" })).status).toBe(400);
  expect((await viewer("PUT", `/messages/${said.id}`, { roomId: noc })).status).toBe(400);
  expect((await bot("PUT", `/messages/${card.id}`, { roomId: noc, text: "no card" })).status).toBe(400);
  expect((await viewer("DELETE", `/messages/${said.id}`)).status).toBe(204);
  expect((await viewer("GET", `/messages/${said.id}`)).status).toBe(404);
});

test("a file is sent as a form and can be fetched by those who may read the message", async () => {
  const { viewer, outsider, noc, people, ask } = await startTwins();
  const form = new FormData();
  form.set("roomId", noc);
  form.set("text", "the export");
  form.set("files", new Blob(["id;status\n1;ok\n"], { type: "text/csv" }), "customers.csv");
  const { body: sent } = await viewer("POST", "/messages", form);
  expect(sent.files).toEqual([expect.stringMatching(/\/v1\/contents\//)]);
  const file = await ask("GET", sent.files[0], { token: people.viewer.token });
  expect(file.body).toBe("id;status\n1;ok\n");
  expect(file.headers.get("content-disposition")).toBe('attachment; filename="customers.csv"');
  expect((await outsider("GET", new URL(sent.files[0]).pathname.replace("/v1", ""))).status).toBe(404);
  expect((await viewer("PUT", `/messages/${sent.id}`, { roomId: noc, text: "again" })).status).toBe(400);
});

test("a file comes back byte for byte, under its own name and type, also in a language with accents", async () => {
  const { bot, noc, people } = await startTwins();
  const bytes = Buffer.from(Array.from({ length: 3_000_000 }, (_, at) => (at * at) % 251));
  const form = new FormData();
  form.set("roomId", noc);
  form.set("files", new Blob([bytes, "\r\n--"], { type: "image/png" }), 'Verlauf "März".png');
  const { body: sent } = await bot("POST", "/messages", form);
  const fetchIt = (method: string) =>
    fetch(sent.files[0], { method, headers: { authorization: `Bearer ${people.bot.token}` } });
  const whole = await fetchIt("GET");
  expect(Buffer.from(await whole.arrayBuffer()).equals(Buffer.concat([bytes, Buffer.from("\r\n--")]))).toBe(true);
  const { headers } = await fetchIt("HEAD");
  expect(Object.fromEntries(headers)).toMatchObject({
    "content-type": "image/png",
    "content-length": String(bytes.length + 4),
    "content-disposition":
      "attachment; filename=\"Verlauf _M_rz_.png\"; filename*=UTF-8''Verlauf%20%22M%C3%A4rz%22.png",
  });
  await bot("DELETE", `/messages/${sent.id}`);
  expect((await fetchIt("GET")).status).toBe(404);
});

test("a message takes one file, and a malformed form is refused", async () => {
  const { bot, noc, people, sandbox } = await startTwins();
  const form = new FormData();
  form.set("roomId", noc);
  form.append("files", new Blob(["1"]), "1.txt");
  form.append("files", new Blob(["2"]), "2.txt");
  expect((await bot("POST", "/messages", form)).status).toBe(400);
  for (const contentType of ["multipart/form-data", "multipart/form-data; boundary=x"]) {
    const { status } = await fetch(`${sandbox.url}/v1/messages`, {
      method: "POST",
      headers: { authorization: `Bearer ${people.bot.token}`, "content-type": contentType },
      body: "--x\r\nno end",
    });
    expect(status).toBe(400);
  }
});

test("pages of messages follow each other without gaps, newest first", async () => {
  const { viewer, noc } = await startTwins();
  for (let n = 1; n <= 7; n += 1) await viewer("POST", "/messages", { roomId: noc, text: String(n) });
  const messages = await readAllPages<{ text: string }>(viewer, `/messages?roomId=${noc}&max=3`);
  expect(messages.map(({ text }) => text)).toEqual(["7", "6", "5", "4", "3", "2", "1"]);
});

test("only the author of a card can read the attachment actions on it", async () => {
  const { viewer, secondViewer, bot, noc } = await startTwins();
  const { body: card } = await bot("POST", "/messages", { roomId: noc, text: "card", attachments: [CARD] });
  const inputs = { command: "customers page=2", customer: "MV-1" };
  const press = await viewer("POST", "/attachment/actions", { type: "submit", messageId: card.id, inputs });
  expect(press.body).toMatchObject({ type: "submit", messageId: card.id, inputs, roomId: noc });
  await bot("DELETE", `/messages/${card.id}`);
  expect((await bot("GET", `/attachment/actions/${press.body.id}`)).body).toEqual(press.body);
  expect((await secondViewer("GET", `/attachment/actions/${press.body.id}`)).status).toBe(404);
});

test("only people who can read a card can press its buttons", async () => {
  const { viewer, outsider, bot, noc } = await startTwins();
  const { body: card } = await bot("POST", "/messages", { roomId: noc, text: "card", attachments: [CARD] });
  const { body: plain } = await bot("POST", "/messages", { roomId: noc, text: "plain" });
  const press = (messageId: string) => ({ type: "submit", messageId, inputs: {} });
  expect((await outsider("POST", "/attachment/actions", press(card.id))).status).toBe(404);
  expect((await viewer("POST", "/attachment/actions", press(plain.id))).status).toBe(400);
  expect((await bot("POST", "/attachment/actions", press(card.id))).status).toBe(403);
});
