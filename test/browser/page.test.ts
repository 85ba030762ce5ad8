import type { Browser, Page } from "playwright-core";
import { chromium } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createSandbox } from "../../src/sandbox/sandbox.ts";
import { BROWSER_ARGS, findBrowser } from "../support/browser.ts";

const executablePath = findBrowser();

/** Less than a test may take: the browser then says what it waited for. */
const PATIENCE_MS = 10_000;

interface Person {
  readonly role: string;
  readonly displayName: string;
  readonly personId: string;
  readonly token: string;
}

describe.skipIf(!executablePath)("the sandbox's page", () => {
  let sandbox: Awaited<ReturnType<typeof createSandbox>>;
  let browser: Browser;
  let people: readonly Person[];
  const problems: string[] = [];

  beforeAll(async () => {
    sandbox = await createSandbox({ port: 0, customers: 30, seed: 1 });
    people = await ask("GET", "/sandbox/people");
    browser = await chromium.launch({ ...(executablePath && { executablePath }), args: [...BROWSER_ARGS] });
  });
  afterAll(async () => {
    await browser?.close();
    await sandbox?.close();
  });
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    expect(problems.splice(0)).toEqual([]);
  });

  async function ask(method: string, path: string, options: { by?: Person; body?: unknown } = {}) {
    const response = await fetch(new URL(path, sandbox.url), {
      method,
      headers: {
        "content-type": "application/json",
        ...(options.by && { authorization: `Bearer ${options.by.token}` }),
      },
      ...(options.body !== undefined && { body: JSON.stringify(options.body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  }

  function who(role: string, turn = 0): Person {
    const found = people.filter((person) => person.role === role)[turn];
    if (!found) throw new Error(`Nobody is ${role} number ${turn}`);
    return found;
  }

  /** The page as this person sees it; whatever the browser complains of fails the test. */
  async function openAs(person: Person, options: { width?: number; dark?: boolean } = {}): Promise<Page> {
    const { width = 1280, dark = false } = options;
    const context = await browser.newContext({
      viewport: { width, height: 860 },
      colorScheme: dark ? "dark" : "light",
    });
    context.setDefaultTimeout(PATIENCE_MS);
    await context.addInitScript(`sessionStorage.setItem("sandbox.me", ${JSON.stringify(person.personId)})`);
    const page = await context.newPage();
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("console", (line) => line.type() === "error" && problems.push(line.text()));
    await page.goto(sandbox.url);
    return page;
  }

  /** A new space with everybody named, the first of them its creator. */
  async function newSpace(title: string, creator: Person, ...others: readonly Person[]): Promise<string> {
    const room = await ask("POST", "/v1/rooms", { by: creator, body: { title } });
    for (const { personId } of others) {
      await ask("POST", "/v1/memberships", { by: creator, body: { roomId: room.id, personId } });
    }
    return room.id;
  }

  const enter = (page: Page, title: string) =>
    page.getByRole("list", { name: "Your spaces" }).getByRole("button", { name: title }).click();

  async function write(page: Page, text: string): Promise<void> {
    await page.getByRole("textbox", { name: "Message" }).fill(text);
    await page.keyboard.press("Enter");
  }

  const postAsBot = (body: object) => ask("POST", "/v1/messages", { by: who("bot"), body });

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

  test("what one person says in a space, another one sees without asking", async () => {
    await newSpace("Two of us", who("viewer"), who("viewer", 1));
    const [ana, ben] = [await openAs(who("viewer")), await openAs(who("viewer", 1))];
    await enter(ana, "Two of us");
    await enter(ben, "Two of us");
    await write(ana, "is Contoso up?");
    await ben.getByRole("article").getByText("is Contoso up?").waitFor();
    await expect.poll(() => ben.locator("#announcer").textContent()).toContain("is Contoso up?");
  });

  test("in a group space the bot is mentioned, unless one chooses not to", async () => {
    const roomId = await newSpace("With the bot", who("viewer"), who("bot"));
    const page = await openAs(who("viewer"));
    await enter(page, "With the bot");
    await page.getByRole("button", { name: "customers status=error" }).click();
    await page.getByRole("article").getByText("customers status=error").waitFor();
    await page.getByRole("checkbox", { name: /Mention/ }).uncheck();
    await write(page, "among ourselves");
    await page.getByRole("article").getByText("among ourselves").waitFor();
    const { items } = await ask("GET", `/v1/messages?roomId=${roomId}`, { by: who("viewer") });
    expect(items.map(({ mentionedPeople = [] }) => mentionedPeople)).toEqual([[], [who("bot").personId]]);
  });

  test("a first word to the bot makes the 1:1 space", async () => {
    const page = await openAs(who("viewer"));
    await page.getByRole("button", { name: "New 1:1 with the bot" }).click();
    await write(page, "help");
    await page.getByRole("article").getByText("help").waitFor();
    expect(await page.locator(".room[aria-current]").textContent()).toContain(who("bot").displayName);
    expect(await page.getByRole("button", { name: "New 1:1 with the bot" }).isVisible()).toBe(false);
  });

  test("a press sends the card's own data together with what was filled in, and can be repeated", async () => {
    const roomId = await newSpace("Cards", who("viewer"), who("bot"));
    const page = await openAs(who("viewer"));
    await enter(page, "Cards");
    await postAsBot({ roomId, text: "Contoso is in error", attachments: [FORM] });
    await page.getByRole("textbox", { name: "Note" }).fill("calling Cisco");
    for (const _ of ["once", "twice"]) {
      const answered = page.waitForResponse((response) => response.url().endsWith("/attachment/actions"));
      await page.getByRole("button", { name: "Acknowledge" }).click();
      const { id } = await (await answered).json();
      const press = await ask("GET", `/v1/attachment/actions/${id}`, { by: who("bot") });
      expect(press).toMatchObject({
        personId: who("viewer").personId,
        inputs: { command: "ack 1", note: "calling Cisco" },
      });
    }
    await page.getByText("✓ Acknowledge sent").waitFor();
    expect(await page.locator(".card strong").textContent()).toBe("Contoso");
  });

  test("behind a card are the text that stands alone, what the lint says, and its JSON", async () => {
    const roomId = await newSpace("Behind", who("viewer"), who("bot"));
    const page = await openAs(who("viewer"));
    await enter(page, "Behind");
    await page.getByText("Nothing said yet").waitFor();
    await postAsBot({ roomId, text: "Contoso is in error since 14:58", attachments: [FORM] });
    await page.getByText("Text and JSON").click();
    await page.getByText("Nothing to say against this card").waitFor();
    const [text, json] = await page.locator(".behind pre").allTextContents();
    expect(text).toBe("Contoso is in error since 14:58");
    expect(JSON.parse(json ?? "")).toEqual(FORM.content);
  });

  test("a card newer than Webex draws is shown as its text", async () => {
    const roomId = await newSpace("Too new", who("viewer"), who("bot"));
    const tooNew = { ...FORM, content: { ...FORM.content, version: "1.5" } };
    await postAsBot({ roomId, text: "Contoso, in words", attachments: [tooNew] });
    const page = await openAs(who("viewer"));
    await enter(page, "Too new");
    await page.locator(".body").getByText("Contoso, in words").waitFor();
    expect(await page.locator(".card").count()).toBe(0);
  });

  test("cards are drawn as narrow and as dark as one likes", async () => {
    const roomId = await newSpace("Looks", who("viewer"), who("bot"));
    await postAsBot({ roomId, text: "Contoso is in error", attachments: [FORM] });
    const page = await openAs(who("viewer"));
    await enter(page, "Looks");
    const card = page.locator(".card");
    const wide = await card.boundingBox();
    await page.getByText("300", { exact: true }).click();
    expect([wide?.width, (await card.boundingBox())?.width]).toEqual([432, 300]);

    const background = () =>
      page.evaluate<string>("getComputedStyle(document.querySelector('.ac-adaptiveCard')).backgroundColor");
    expect(await background()).toBe("rgb(255, 255, 255)");
    await page.getByText("Dark", { exact: true }).click();
    await expect.poll(background).toBe("rgb(26, 26, 26)");
  });

  test("whoever likes it dark everywhere gets it dark here", async () => {
    const page = await openAs(who("viewer"), { dark: true });
    await expect
      .poll(() => page.evaluate("getComputedStyle(document.body).color"))
      .toBe("rgb(236, 239, 240)");
  });

  test("an answer in a thread stands below what it answers, an edit and a deletion show", async () => {
    const roomId = await newSpace("Threads", who("viewer"), who("bot"));
    const alert = await postAsBot({ roomId, text: "Contoso: error" });
    await postAsBot({ roomId, text: "Fabrikam: error" });
    const page = await openAs(who("viewer"));
    await enter(page, "Threads");
    await page.getByRole("article").filter({ hasText: "Contoso" }).hover();
    await page
      .getByRole("button", { name: /^Reply/ })
      .first()
      .click();
    await write(page, "mine");
    await page.locator(".message.reply").getByText("mine").waitFor();
    expect(await page.getByRole("article").locator(".body").allTextContents()).toEqual([
      "Contoso: error",
      expect.stringContaining("mine"),
      "Fabrikam: error",
    ]);

    await ask("PUT", `/v1/messages/${alert.id}`, {
      by: who("bot"),
      body: { roomId, text: "Contoso: healed" },
    });
    await page.getByRole("article").filter({ hasText: "Contoso: healed" }).getByText("edited").waitFor();
    await ask("DELETE", `/v1/messages/${alert.id}`, { by: who("bot") });
    await page.getByText("Message deleted").waitFor();
  });

  test("a customer broken here is broken in the API, and healed again", async () => {
    const page = await openAs(who("viewer"));
    const row = page.locator(".customer").first();
    await row.click();
    await page.getByRole("spinbutton", { name: "Code" }).fill("4242");
    await page.getByRole("textbox", { name: "Text" }).fill("Out of order");
    const changed = page.waitForResponse((response) => response.request().method() === "PATCH");
    await page.getByRole("button", { name: "Break it" }).click();
    const id = decodeURIComponent((await changed).url().split("/").at(-1) ?? "");
    const read = async () => JSON.stringify((await ask("GET", `/sandbox/customers?q=${id}`)).items);
    expect(await read()).toContain('"errorCode":4242');
    await page.getByRole("button", { name: "Heal it" }).click();
    await expect.poll(read).not.toContain('"errorCode":4242');
  });

  test("an outage is switched on and off, and everybody's page knows", async () => {
    const [ana, ben] = [await openAs(who("viewer")), await openAs(who("viewer", 1))];
    const seenBy = (page: Page) => page.getByRole("switch", { name: /Wholesale is down/ });
    await seenBy(ana).click();
    await expect.poll(() => seenBy(ben).getAttribute("aria-checked")).toBe("true");
    await ben.getByRole("button", { name: "End all" }).click();
    await expect.poll(() => seenBy(ana).getAttribute("aria-checked")).toBe("false");
  });

  test("the wires count the bot's calls since they were cleared", async () => {
    const page = await openAs(who("viewer"));
    await page.getByRole("tab", { name: "Wires" }).click();
    await page.getByRole("button", { name: "Clear" }).click();
    await page.getByText("0 calls, 0 webhooks").waitFor();
    await ask("GET", "/v1/people/me", { by: who("bot") });
    await page.getByText("1 call, 0 webhooks").waitFor();
    await page.locator(".wire").getByText("/people/me").waitFor();
    await page.getByRole("button", { name: "Clear" }).click();
    await page.getByText("0 calls, 0 webhooks").waitFor();
  });

  test("markup in names and texts stays text", async () => {
    const roomId = await newSpace("<img src=x> space", who("viewer"), who("bot"));
    await postAsBot({ roomId, markdown: '<img src="x"> **bold** [here](javascript:alert(1))' });
    const page = await openAs(who("viewer"));
    await enter(page, "<img src=x> space");
    const body = page.getByRole("article").locator(".body");
    await body.locator("strong").waitFor();
    expect(await body.textContent()).toContain('<img src="x">');
    expect(await page.locator("img, a[href^=javascript]").count()).toBe(0);
  });

  test("on a phone every pane fits", async () => {
    const page = await openAs(who("viewer"), { width: 360 });
    for (const name of ["Spaces", "Chat", "World", "Wires"]) {
      await page.getByRole("tab", { name }).click();
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
    }
  });
});
