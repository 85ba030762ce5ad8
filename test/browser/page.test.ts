import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { findBrowser } from "../support/browser.ts";
import { openSpace, sendMessage, useBrowserSandbox } from "../support/browser-sandbox.ts";

const FORM = {
  contentType: "application/vnd.microsoft.card.adaptive",
  content: {
    type: "AdaptiveCard",
    version: "1.3",
    body: [
      { type: "TextBlock", text: "**Contoso** is in error", wrap: true },
      { type: "Input.Text", id: "note", label: "Note" },
    ],
    actions: [{ type: "Action.Submit", title: "Acknowledge", data: { command: "ack 1" } }],
  },
};

/** A PNG of one pixel. */
const DOT = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

describe.skipIf(!findBrowser())("the conversation on the sandbox's page", () => {
  const stage = useBrowserSandbox();

  const viewer = (nth = 0) => stage.person("viewer", nth);
  const bot = () => stage.person("bot");
  const postAsBot = (message: object) => bot().call<{ id: string }>("POST", "/messages", message);

  test("what one person says in a space, another one sees without asking", async () => {
    await stage.newSpace("Two of us", viewer(1));
    const [ana, ben] = [await stage.openAs(viewer()), await stage.openAs(viewer(1))];
    await openSpace(ana, "Two of us");
    await openSpace(ben, "Two of us");
    await sendMessage(ana, "is Contoso up?");
    await ben.getByRole("article").getByText("is Contoso up?").waitFor();
    await expect.poll(() => ben.locator("#announcer").textContent()).toContain("is Contoso up?");
  });

  test("in a group space the bot is mentioned, unless one chooses not to", async () => {
    const roomId = await stage.newSpace("Everybody", bot());
    const page = await stage.openAs(viewer());
    await openSpace(page, "Everybody");
    await page.getByRole("button", { name: "customers status=error" }).click();
    await page.getByRole("article").getByText("customers status=error").waitFor();
    await page.getByRole("checkbox", { name: /Mention/ }).uncheck();
    await sendMessage(page, "among ourselves");
    await page.getByRole("article").getByText("among ourselves").waitFor();
    const { items } = await viewer().call<{ items: readonly { mentionedPeople?: readonly string[] }[] }>(
      "GET",
      `/messages?roomId=${roomId}`,
    );
    expect(items.map(({ mentionedPeople = [] }) => mentionedPeople)).toEqual([[], [bot().personId]]);
  });

  test("the first word to the bot makes the 1:1 space", async () => {
    const page = await stage.openAs(viewer());
    const newDirect = page.getByRole("button", { name: "New 1:1 with the bot" });
    await newDirect.click();
    await sendMessage(page, "help");
    await page.getByRole("article").getByText("help").waitFor();
    expect(await page.locator(".room[aria-current]").textContent()).toContain(bot().displayName);
    expect(await newDirect.isVisible()).toBe(false);
  });

  test("a press sends the card's own data together with what was filled in, and can be repeated", async () => {
    const roomId = await stage.newSpace("Cards", bot());
    const page = await stage.openAs(viewer());
    await openSpace(page, "Cards");
    await postAsBot({ roomId, text: "Contoso is in error", attachments: [FORM] });
    await page.getByRole("textbox", { name: "Note" }).fill("calling Cisco");
    for (const _ of ["once", "twice"]) {
      const answered = page.waitForResponse((response) => response.url().endsWith("/attachment/actions"));
      await page.getByRole("button", { name: "Acknowledge" }).click();
      const { id } = await (await answered).json();
      expect(await bot().call("GET", `/attachment/actions/${id}`)).toMatchObject({
        personId: viewer().personId,
        inputs: { command: "ack 1", note: "calling Cisco" },
      });
    }
    await page.getByText("✓ Acknowledge sent").waitFor();
    expect(await page.locator(".card strong").textContent()).toBe("Contoso");
  });

  test("after an edit the focus stays on the same button of the card, and its title is a heading", async () => {
    const roomId = await stage.newSpace("Focus", bot());
    const page = await stage.openAs(viewer());
    await openSpace(page, "Focus");
    const { id } = await postAsBot({ roomId, text: "Contoso is in error", attachments: [FORM] });
    await page.getByRole("heading", { name: "Contoso is in error", level: 3 }).waitFor();
    await page.getByRole("button", { name: "Acknowledge" }).focus();
    const edited = JSON.parse(JSON.stringify(FORM).replace("in error", "well"));
    await bot().call("PUT", `/messages/${id}`, { roomId, text: "Contoso is well", attachments: [edited] });
    await page.getByRole("heading", { name: "Contoso is well" }).waitFor();
    await expect.poll(() => page.evaluate("document.activeElement.textContent")).toBe("Acknowledge");
    const bare = { ...edited, content: { ...edited.content, actions: [] } };
    await bot().call("PUT", `/messages/${id}`, { roomId, text: "Contoso is well", attachments: [bare] });
    await page.getByRole("button", { name: "Acknowledge" }).waitFor({ state: "detached" });
    await expect.poll(() => page.evaluate("document.activeElement.dataset.id")).toBe(id);
  });

  test("under a card are its text form, the findings of the lint, and its JSON", async () => {
    const roomId = await stage.newSpace("Behind", bot());
    await postAsBot({ roomId, text: "Contoso is in error since 14:58", attachments: [FORM] });
    const page = await stage.openAs(viewer());
    await openSpace(page, "Behind");
    await page.getByText("Text and JSON").click();
    await page.getByText("No findings").waitFor();
    const [text, json] = await page.locator(".message-details pre").allTextContents();
    expect(text).toBe("Contoso is in error since 14:58");
    expect(JSON.parse(json ?? "")).toEqual(FORM.content);
  });

  test("a card newer than Webex draws is shown as its text", async () => {
    const roomId = await stage.newSpace("Too new", bot());
    const tooNew = { ...FORM, content: { ...FORM.content, version: "1.5" } };
    await postAsBot({ roomId, text: "Contoso, in words", attachments: [tooNew] });
    const page = await stage.openAs(viewer());
    await openSpace(page, "Too new");
    await page.locator(".body").getByText("Contoso, in words").waitFor();
    expect(await page.locator(".card").count()).toBe(0);
  });

  test("an answer in a thread stands below what it answers; an edit and a deletion show", async () => {
    const roomId = await stage.newSpace("Threads", bot());
    const alert = await postAsBot({ roomId, text: "Contoso: error" });
    await postAsBot({ roomId, text: "Fabrikam: error" });
    const page = await stage.openAs(viewer());
    await openSpace(page, "Threads");
    await page.getByRole("article").filter({ hasText: "Contoso" }).hover();
    await page
      .getByRole("button", { name: /^Reply/ })
      .first()
      .click();
    await sendMessage(page, "mine");
    await page.locator(".message.reply").getByText("mine").waitFor();
    const bodies = await page.getByRole("article").locator(".body").allTextContents();
    expect(bodies.map((body) => body.trim())).toEqual([
      "Contoso: error",
      expect.stringMatching(/mine$/),
      "Fabrikam: error",
    ]);

    await bot().call("PUT", `/messages/${alert.id}`, { roomId, text: "Contoso: healed" });
    await page.getByRole("article").filter({ hasText: "Contoso: healed" }).getByText("edited").waitFor();
    await bot().call("DELETE", `/messages/${alert.id}`);
    await page.getByText("Message deleted").waitFor();
  });

  test("older messages come when they are asked for", async () => {
    const roomId = await stage.newSpace("Long story", bot());
    for (let line = 1; line <= 60; line++) await postAsBot({ roomId, text: `line ${line}.` });
    const page = await stage.openAs(viewer());
    await openSpace(page, "Long story");
    await page.getByText("line 60.").waitFor();
    expect(await page.getByText("line 10.").count()).toBe(0);
    await page.getByRole("button", { name: "Earlier messages" }).click();
    await page.getByText("line 1.", { exact: true }).waitFor();
    expect(await page.getByRole("article").count()).toBe(60);
  });

  /** Posts a file as the bot does: as a form. */
  async function upload(roomId: string, file: Blob, name: string) {
    const form = new FormData();
    form.set("roomId", roomId);
    form.set("text", "As of 40 s ago, complete");
    form.set("files", file, name);
    const headers = { authorization: `Bearer ${bot().token}` };
    expect((await fetch(`${stage.url()}/v1/messages`, { method: "POST", headers, body: form })).status).toBe(200);
  }

  test("an export shows its name and size, and is saved byte for byte", async () => {
    const roomId = await stage.newSpace("Exports", bot());
    const csv = `\ufeffid;name\r\n${"7;München\r\n".repeat(500)}`;
    await upload(roomId, new Blob([csv], { type: "text/csv" }), "customers März.csv");
    const page = await stage.openAs(viewer());
    await openSpace(page, "Exports");
    await page.getByText("6.0 KB").waitFor();
    const saving = page.waitForEvent("download");
    await page.getByRole("link", { name: "Download customers März.csv" }).click();
    const saved = await saving;
    expect(saved.suggestedFilename()).toBe("customers März.csv");
    expect(readFileSync(await saved.path(), "utf8")).toBe(csv);
    expect(await page.locator(".file img").count()).toBe(0);
  });

  test("a picture is shown where it is said, and what only claims to be one harms nothing", async () => {
    const roomId = await stage.newSpace("Charts", bot());
    await upload(roomId, new Blob([DOT], { type: "image/png" }), "trend.png");
    await upload(roomId, new Blob(["<svg onload='alert(1)'/>"], { type: "image/svg+xml" }), "trend.svg");
    const page = await stage.openAs(viewer());
    await openSpace(page, "Charts");
    await page.getByRole("link", { name: "Download trend.svg" }).waitFor();
    const width = "document.querySelector('.file img[alt=\"trend.png\"]')?.naturalWidth";
    await expect.poll(() => page.evaluate(width)).toBe(1);
    expect(await page.locator(".file img").count()).toBe(1);
  });

  test("markup in names and texts stays text", async () => {
    const roomId = await stage.newSpace("<img src=x> space", bot());
    await postAsBot({ roomId, markdown: '<img src="x"> **bold** [here](javascript:alert(1))' });
    const page = await stage.openAs(viewer());
    await openSpace(page, "<img src=x> space");
    const body = page.getByRole("article").locator(".body");
    await body.locator("strong").waitFor();
    expect(await body.textContent()).toContain('<img src="x">');
    expect(await page.locator("img, a[href^=javascript]").count()).toBe(0);
  });
});
