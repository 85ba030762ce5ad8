import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { violationsOf } from "../support/axe.ts";
import { BROWSER_TIMEOUT_MS, findBrowser, launchBrowser } from "../support/browser.ts";
import { type Journey, startJourney } from "../support/journey.ts";

/** Where pictures of the cards go, for people to look at; none are taken where it is not set. */
const SHOTS = process.env.SHOTS_DIR;

const NAME = "document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent";
const focusedName = (page: Page) => page.evaluate<string>(NAME);

/** Presses Tab until the element of this name has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  const seen: string[] = [];
  for (let presses = 0; presses < 150; presses += 1) {
    await page.keyboard.press("Tab");
    const focused = await focusedName(page);
    if (focused === name) return;
    seen.push(focused.slice(0, 30));
  }
  throw new Error(`Tab does not reach “${name}”: ${seen.join(", ")}`);
}

describe.skipIf(findBrowser() === undefined)("the real bot on the sandbox's page", () => {
  let journey: Journey;
  let browser: Browser;
  let page: Page;
  const problems: string[] = [];

  beforeAll(async () => {
    journey = await startJourney({ customers: 250, seed: 1 });
    await journey.startBot({ GROUP_WAIT: "1s", SWEEP_INTERVAL: "2s", API_CALLS_PER_MINUTE: "100000" });
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 1280, height: 1400 } });
    page.setDefaultTimeout(BROWSER_TIMEOUT_MS);
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("console", (line) => line.type() === "error" && problems.push(line.text()));
    await page.goto(journey.url);
    await page.getByRole("button", { name: "Wholesale NOC" }).click();
  });
  afterAll(async () => {
    await browser?.close();
    await journey?.stop();
  });

  const cards = () => page.locator(".ac-adaptiveCard");
  const button = (card: Locator, name: string) => card.getByRole("button", { name, exact: true });

  /** Writes to the bot and waits for the card that answers. */
  async function ask(text: string): Promise<Locator> {
    const before = await cards().count();
    await page.getByRole("textbox", { name: "Message" }).fill(text);
    await page.keyboard.press("Enter");
    await cards().nth(before).waitFor();
    return cards().nth(before);
  }

  /** A picture of the card in both widths and both themes. */
  async function shoot(card: Locator, name: string): Promise<void> {
    if (SHOTS === undefined) return;
    mkdirSync(SHOTS, { recursive: true });
    for (const theme of ["Light", "Dark"]) {
      for (const width of ["432", "360"]) {
        await page.getByText(theme, { exact: true }).click();
        await page.getByText(width, { exact: true }).click();
        await card.screenshot({ path: join(SHOTS, `${name}-${theme.toLowerCase()}-${width}.png`) });
      }
    }
    await page.getByText("Light", { exact: true }).click();
    await page.getByText("432", { exact: true }).click();
  }

  test("ask, page forward and back, and filter by the form, in one card", async () => {
    const list = await ask("customers status=error");
    await list.getByText("status=error").waitFor();
    await shoot(list, "list");
    await button(list, "Next ›").click();
    await list.getByText(/^11–/).waitFor();
    await button(list, "‹ Prev").click();
    await list.getByText(/^1–10/).waitFor();
    await button(list, "Filter").click();
    await list.getByText("Find customers").waitFor();
    await shoot(list, "find");
    await list.getByLabel("Status", { exact: true }).selectOption({ label: "Provisioning" });
    await button(list, "Apply").click();
    await list.getByText("status=provisioning").waitFor();
    expect(await cards().count()).toBe(1);
  });

  test("a customer opens by the picker, by `open 3`, and goes back to the list by a button", async () => {
    const list = await ask("customers");
    const before = await cards().count();
    const choice = await list.locator("select option").nth(3).textContent();
    await list.locator("select").selectOption({ index: 3 });
    await button(list, "Open").click();
    const picked = cards().nth(before);
    await picked.getByText("For a Cisco support case").waitFor();
    const typed = await ask("open 3");
    const title = choice?.replace(/^3\. /, "").replace(/ — .*/, "") ?? "?";
    for (const card of [picked, typed]) await card.getByText(title).first().waitFor();
    await shoot(typed, "customer");
    await button(typed, "Back to list").click();
    await typed.getByText("Open a customer").waitFor();
  });

  test("the API page's own example shows its error with the text of its warning", async () => {
    const card = await ask("customer c1677a16-557a-4fb4-b48f-24adde57ec99");
    await card.getByText(/One or more Webex Calling services are unavailable due to maintenance/).waitFor();
    await card.getByText("Toll dial-in").waitFor();
    await shoot(card, "example");
  });

  test("a slip is put right by its button; help and status answer", async () => {
    const slip = await ask("customers status=eror");
    await shoot(slip, "slip");
    await slip.getByRole("button", { name: /^Did you mean/ }).click();
    await slip.getByText("status=error").waitFor();
    await shoot(await ask("help"), "help");
    await shoot(await ask("status"), "status");
  });

  test("the page and its cards violate no rule of accessibility, light and dark", async () => {
    for (const theme of ["Light", "Dark"]) {
      await page.getByText(theme, { exact: true }).click();
      expect(await violationsOf(page)).toEqual([]);
    }
  });

  test("the first steps lead by keyboard alone through the main job: ask, page, break one and be told", async () => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 1400 } });
    const first = await context.newPage();
    first.setDefaultTimeout(BROWSER_TIMEOUT_MS);
    await first.goto(journey.url);
    const steps = first.getByRole("region", { name: "First steps" });
    const newest = first.locator(".ac-adaptiveCard").last();
    await steps.getByText("1 of 3").waitFor();
    await tabTo(first, "Message");
    await first.keyboard.type("customers");
    await first.keyboard.press("Enter");
    await steps.getByText("2 of 3").waitFor();
    await tabTo(first, "Next ›");
    await first.keyboard.press("Enter");
    await newest.getByText(/^11–20/).waitFor();
    expect(await focusedName(first)).toBe("Next ›");
    await steps.getByText("3 of 3").waitFor();
    await tabTo(first, "watch");
    await first.keyboard.press("Enter");
    await newest.getByRole("button", { name: "Watch", exact: true }).waitFor();
    await tabTo(first, "Watch");
    await first.keyboard.press("Space");
    await first.locator(".ac-adaptiveCard", { hasText: "Watching" }).first().waitFor();
    await tabTo(first, "Break one");
    await first.keyboard.press("Enter");
    await steps.waitFor({ state: "hidden" });
    await newest.getByText("Error").first().waitFor();
    await first.reload();
    await first.getByRole("textbox", { name: "Message" }).waitFor();
    expect(await steps.isVisible()).toBe(false);
    await context.close();
  });

  test("the browser had nothing to complain of", () => {
    expect(problems).toEqual([]);
  });
});
