import type { Browser, Page, Route } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { createSandbox, type Sandbox } from "../../src/sandbox/sandbox.ts";
import type { Role } from "../../src/sandbox/world/people.ts";
import { BROWSER_TIMEOUT_MS, launchBrowser } from "./browser.ts";
import { createPerson, type Person } from "./person.ts";

interface PageOptions {
  readonly width?: number;
  readonly dark?: boolean;
}

/**
 * The twins without a bot, their page in a real browser, and the people who use it, for the tests of a suite. After each test
 * its pages are closed, and the browser must have reported no error; violations of the CSP are errors.
 */
export function useBrowserSandbox() {
  let sandbox: Sandbox;
  let browser: Browser;
  const errors: string[] = [];
  const person = (role: Role, nth = 0): Person => createPerson(sandbox, role, nth);

  beforeAll(async () => {
    sandbox = await createSandbox({ customers: 30 });
    browser = await launchBrowser();
  });
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    expect(errors.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    await browser.close();
    await sandbox.close();
  });

  return {
    url: () => sandbox.url,
    person,
    /** Opens the page as this person. */
    async openAs(me: Person, options: PageOptions = {}): Promise<Page> {
      const page = await openPage(browser, options);
      page.on("pageerror", (error) => errors.push(error.message));
      page.on("console", (line) => line.type() === "error" && errors.push(line.text()));
      await page.addInitScript(`sessionStorage.setItem("sandbox.me", ${JSON.stringify(me.personId)})`);
      await page.goto(sandbox.url);
      return page;
    },
    /** A new space of the first viewer with these other people in it. */
    async newSpace(title: string, ...others: readonly Person[]): Promise<string> {
      const creator = person("viewer");
      const { id: roomId } = await creator.call<{ id: string }>("POST", "/rooms", { title });
      for (const { personId } of others) await creator.call("POST", "/memberships", { roomId, personId });
      return roomId;
    },
  };
}

async function openPage(browser: Browser, { width = 1280, dark = false }: PageOptions): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width, height: 860 },
    colorScheme: dark ? "dark" : "light",
  });
  context.setDefaultTimeout(BROWSER_TIMEOUT_MS);
  return context.newPage();
}

/** Opens a space by its name in the list. */
export function openSpace(page: Page, title: string): Promise<void> {
  return page.getByRole("list", { name: "Your spaces" }).getByRole("button", { name: title }).click();
}

/** Types a message and sends it with the Enter key. */
export async function sendMessage(page: Page, text: string): Promise<void> {
  await page.getByRole("textbox", { name: "Message" }).fill(text);
  await page.keyboard.press("Enter");
}

/** Holds the next request for this address back. @returns once requests are watched; `held` resolves with that request */
export async function holdNext(page: Page, url: string): Promise<{ readonly held: Promise<Route> }> {
  let hold = (_route: Route): void => {};
  const held = new Promise<Route>((resolve) => {
    hold = resolve;
  });
  await page.route(url, (route) => hold(route), { times: 1 });
  return { held };
}
