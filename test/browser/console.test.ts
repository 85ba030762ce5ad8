import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { violationsOf } from "../support/axe.ts";
import { findBrowser } from "../support/browser.ts";
import { holdNext, openSpace, useBrowserSandbox } from "../support/browser-sandbox.ts";

const CARD = {
  contentType: "application/vnd.microsoft.card.adaptive",
  content: { type: "AdaptiveCard", version: "1.3", body: [{ type: "TextBlock", text: "Contoso" }] },
};

const heightsOf = (nodes: readonly { readonly clientHeight: number }[]) => nodes.map((node) => node.clientHeight);

describe.skipIf(!findBrowser())("the panes beside the conversation", () => {
  const stage = useBrowserSandbox();

  const viewer = (nth = 0) => stage.person("viewer", nth);
  const bot = () => stage.person("bot");
  const style = (page: Page, selector: string, property: string) =>
    page.evaluate<string>(`getComputedStyle(document.querySelector("${selector}")).${property}`);

  test("cards follow the chosen width and theme", async () => {
    const roomId = await stage.newSpace("Card width", bot());
    await bot().call("POST", "/messages", { roomId, text: "Contoso", attachments: [CARD] });
    const page = await stage.openAs(viewer());
    await openSpace(page, "Card width");
    const card = page.locator(".card");
    const wide = await card.boundingBox();
    await page.getByText("300", { exact: true }).click();
    const narrow = await card.boundingBox();
    expect([wide?.width, narrow?.width]).toEqual([432, 300]);

    expect(await style(page, ".ac-adaptiveCard", "backgroundColor")).toBe("rgb(255, 255, 255)");
    await page.getByText("Dark", { exact: true }).click();
    await expect.poll(() => style(page, ".ac-adaptiveCard", "backgroundColor")).toBe("rgb(26, 26, 26)");
  });

  test("the page follows the dark scheme of the system", async () => {
    const bright = await stage.openAs(viewer());
    const dark = await stage.openAs(viewer(), { dark: true });
    const lightness = async (page: Page) => Number(/\d+/.exec(await style(page, ".top", "backgroundColor"))?.[0]);
    expect(await lightness(bright)).toBeGreaterThan(200);
    expect(await lightness(dark)).toBeLessThan(50);
  });

  test("a customer is broken and healed in the API", async () => {
    const page = await stage.openAs(viewer());
    await page.locator(".customer").first().click();
    await page.getByRole("spinbutton", { name: "Code" }).fill("4242");
    await page.getByRole("textbox", { name: "Text" }).fill("Out of order");
    const changed = page.waitForResponse((response) => response.request().method() === "PATCH");
    await page.getByRole("button", { name: "Break it" }).click();
    const address = (await changed).url();
    const read = async () => (await fetch(address)).text();
    expect(await read()).toContain('"errorCode":4242');
    await page.getByRole("button", { name: "Heal it" }).click();
    await expect.poll(read).not.toContain('"errorCode":4242');
  });

  test("a press counts when the list changes between the button's going down and up", async () => {
    const page = await stage.openAs(viewer());
    await page.locator(".customer").first().click();
    const changed = page.waitForResponse((response) => response.request().method() === "PATCH");
    await page.getByRole("button", { name: "Break it" }).click();
    const address = (await changed).url();
    await page.getByRole("button", { name: "Heal it" }).hover();
    await page.mouse.down();
    const reread = page.waitForResponse((response) => /\/sandbox\/customers\?/.test(response.url()));
    const body = JSON.stringify({ name: "Changed Meanwhile" });
    expect(
      (await fetch(address, { method: "PATCH", headers: { "content-type": "application/json" }, body })).status,
    ).toBe(200);
    await (await reread).finished();
    await page.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))");
    const healed = page.waitForRequest((request) => request.method() === "PATCH");
    await page.mouse.up();
    expect((await healed).postData()).toContain("provisioned");
    await page.locator(".customer", { hasText: "Changed Meanwhile" }).waitFor();
  });

  test("one click breaks a customer, and says what to watch for; the counts change on every page", async () => {
    const [ana, ben] = [await stage.openAs(viewer()), await stage.openAs(viewer(1))];
    const figure = ben.locator(".count", { hasText: "provisioned with errors" }).locator(".figure");
    const before = Number(await figure.textContent());
    await ana.getByRole("button", { name: "Break one" }).click();
    await ana.getByText(/ is in error\. Watch for one alert/).waitFor();
    await expect.poll(async () => Number(await figure.textContent())).toBe(before + 1);
    await ana.getByRole("button", { name: "Storm" }).click();
    await ana.getByText("25 customers are in error.").waitFor();
    await ana.getByRole("button", { name: "Outage" }).click();
    const outage = ben.getByRole("button", { name: "Outage" });
    await expect.poll(() => outage.getAttribute("aria-pressed")).toBe("true");
    await ben.getByRole("button", { name: "Heal all" }).click();
    await ben.getByText("customers are healed").waitFor();
    await expect.poll(() => outage.getAttribute("aria-pressed")).toBe("false");
    expect(await figure.count()).toBe(0);
  });

  test("what sources leave open is switched on every page", async () => {
    const [ana, ben] = [await stage.openAs(viewer()), await stage.openAs(viewer(1))];
    const behaviour = async () => (await fetch(`${stage.url()}/sandbox/behaviour`)).json();
    for (const page of [ana, ben]) await page.getByRole("heading", { name: "Behaviour" }).click();
    await ana.getByRole("switch", { name: "Webex refuses edits of cards" }).click();
    await ben.getByRole("switch", { name: "Webex refuses edits of cards", checked: true }).waitFor();
    await ben.getByRole("combobox", { name: "Of several statuses count" }).selectOption("comma");
    await expect.poll(behaviour).toMatchObject({ cardEdits: "refused", multipleStatuses: "comma" });
    await expect
      .poll(() => ana.getByRole("combobox", { name: "Of several statuses count" }).inputValue())
      .toBe("comma");
    await fetch(`${stage.url()}/sandbox/behaviour`, { method: "DELETE" });
    await ana.getByRole("switch", { name: "Webex refuses edits of cards", checked: false }).waitFor();
  });

  test("a fault is switched on and off on every page", async () => {
    const [ana, ben] = [await stage.openAs(viewer()), await stage.openAs(viewer(1))];
    const outage = (page: Page) => page.getByRole("switch", { name: /Wholesale refuses the token/ });
    await outage(ana).click();
    await expect.poll(() => outage(ben).getAttribute("aria-checked")).toBe("true");
    await outage(ben).click();
    await expect.poll(() => outage(ana).getAttribute("aria-checked")).toBe("false");
  });

  test("the traffic pane counts the bot's calls since it was cleared", async () => {
    const page = await stage.openAs(viewer());
    await page.getByRole("tab", { name: "Traffic" }).click();
    await page.getByRole("button", { name: "Clear" }).click();
    await page.getByText("0 calls, 0 webhooks").waitFor();
    await bot().call("GET", "/people/me");
    await page.getByText("1 call, 0 webhooks").waitFor();
    await page.locator(".traffic-row").getByText("/people/me").waitFor();
  });

  test("the traffic pane counts the webhooks since the sandbox was started", async () => {
    await fetch(`${stage.url()}/sandbox/calls`, { method: "DELETE" });
    const hook = { name: "any", targetUrl: "http://127.0.0.1:1/", resource: "messages", event: "created" };
    const { id } = await bot().call<{ id: string }>("POST", "/webhooks", hook);
    const roomId = await stage.newSpace("Hooked", bot());
    const page = await stage.openAs(viewer());
    await bot().call("POST", "/messages", { roomId, text: "hello" });
    await page.getByRole("tab", { name: "Traffic" }).click();
    await page.getByText(/, 1 webhook$/).waitFor();
    await page.reload();
    await page.getByRole("tab", { name: "Traffic" }).click();
    await page.getByText(/, 1 webhook$/).waitFor();
    await bot().call("DELETE", `/webhooks/${id}`);
  });

  test("what is typed and not sent stays in its space, also when the page is loaded again", async () => {
    await stage.newSpace("Day shift", bot());
    await stage.newSpace("Late shift", bot());
    const page = await stage.openAs(viewer());
    const box = page.getByRole("textbox", { name: "Message" });
    await openSpace(page, "Day shift");
    await box.fill("half a mess");
    await openSpace(page, "Late shift");
    expect(await box.inputValue()).toBe("");
    await openSpace(page, "Day shift");
    await page.reload();
    await expect.poll(() => box.inputValue()).toBe("half a mess");
  });

  test("the clock shows full sweeps, quick polls and the call rate of the bot", async () => {
    const page = await stage.openAs(viewer());
    const clock = page.getByRole("region", { name: "Clock" });
    await clock.locator("summary").click();
    await clock.getByText("none yet").first().waitFor();
    const list = (query: string) =>
      fetch(`${stage.url()}/v1/wholesale/customers?${query}`, {
        headers: { authorization: "Bearer sandbox-wholesale-token" },
      });
    for (const query of ["max=20", "max=20&offset=20"]) await list(query);
    for (const status of ["error", "provisioned_with_errors"]) await list(`status=${status}`);
    await clock.getByText("2 pages, 30 customers").waitFor();
    await clock.getByText("2 calls each").waitFor();
    await clock.getByText("4 of 120 calls a minute").waitFor();
    await clock.getByText(/^\d+ \w+ ago, took /).waitFor();
    await clock.getByText(/^last \d+ \w+ ago$/).waitFor();
  });

  test("time is advanced and sped up by mouse and keyboard, on every page at once", async () => {
    const [ana, ben] = [await stage.openAs(viewer()), await stage.openAs(viewer(1))];
    const ahead = (page: Page) => page.locator("#time-ahead").textContent();
    const clock = async (page: Page) => Date.parse((await page.locator("#time-now").getAttribute("datetime")) ?? "");
    const speed = (page: Page) => page.getByRole("group", { name: "Speed" }).getByRole("radio", { checked: true });
    for (const page of [ana, ben]) await page.locator("summary", { hasText: "Clock" }).click();
    await ana.getByRole("button", { name: "+4 h" }).click();
    await expect.poll(() => ahead(ben)).toBe("4 h ahead");
    await speed(ana).focus();
    await ana.keyboard.press("ArrowRight");
    await expect.poll(() => speed(ben).inputValue()).toBe("10");
    await ben.getByText("600×").click();
    const before = await clock(ana);
    await expect.poll(() => clock(ana)).toBeGreaterThan(before + 60_000);
    await ana.getByText("1×", { exact: true }).click();
    await expect.poll(() => speed(ben).inputValue()).toBe("1");
  });

  test("nothing can be begun before the people are known; then a new space has those that were chosen", async () => {
    const page = await stage.openAs(viewer());
    // Its own request for the people must be over, so that the held one is the request of the reloaded page.
    await page.locator("#new-space:enabled").waitFor();
    const { held } = await holdNext(page, "**/sandbox/people");
    await page.reload();
    const request = await held;
    for (const id of ["new-space", "new-direct", "composer-text", "send"]) {
      expect([id, await page.locator(`#${id}`).isDisabled()]).toEqual([id, true]);
    }
    await request.continue();
    await page.getByRole("button", { name: "New space…" }).click();
    await page.getByRole("textbox", { name: "Name of the space" }).fill("Night shift");
    await page.getByRole("checkbox", { name: stage.person("outsider").displayName }).check();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Night shift" }).waitFor();
    await page.getByRole("button", { name: "3 people" }).waitFor();
  });

  test("a list of spaces that arrives late does not hide what a later one has shown", async () => {
    const page = await stage.openAs(viewer());
    await page.locator(".room").first().waitFor();
    const { held } = await holdNext(page, "**/v1/rooms*");
    await stage.newSpace("Early");
    const late = await held;
    const before = await late.fetch();
    await stage.newSpace("Later");
    const later = page.locator(".room", { hasText: "Later" });
    await later.waitFor();
    await late.fulfill({ response: before });
    await (await late.request().response())?.finished();
    await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
    expect(await later.count()).toBe(1);
  });

  test("another person sees their own spaces", async () => {
    await stage.newSpace("Not for everybody", viewer(1));
    const page = await stage.openAs(viewer());
    await openSpace(page, "Not for everybody");
    const space = page.locator(".room", { hasText: "Not for everybody" });
    await page.getByLabel("You are").selectOption(viewer(1).personId);
    await expect.poll(() => space.getAttribute("aria-current")).toBe("true");
    await page.getByLabel("You are").selectOption(stage.person("outsider").personId);
    await space.waitFor({ state: "detached" });
  });

  test("on a phone every pane fits", async () => {
    const page = await stage.openAs(viewer(), { width: 360 });
    for (const name of ["Spaces", "Chat", "World", "Traffic"]) {
      await page.getByRole("tab", { name }).click();
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
      const heights = await page.locator(".top, .room-head:visible").evaluateAll(heightsOf);
      expect(heights.filter((height) => height > 50)).toEqual([]);
      expect(await violationsOf(page)).toEqual([]);
    }
  });
});
