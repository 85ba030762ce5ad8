import type { Browser, Page } from "playwright-core";
import { createSandbox } from "../../src/sandbox/sandbox.ts";
import type { Role } from "../../src/sandbox/world/people.ts";
import { BROWSER_TIMEOUT_MS, launchBrowser } from "./browser.ts";
import { createPerson, type Person } from "./person.ts";

interface PageOptions {
  readonly width?: number;
  readonly dark?: boolean;
}

export type BrowserSandbox = Awaited<ReturnType<typeof openBrowserSandbox>>;

/** The twins without a bot, their page in a real browser, and the people who use it. */
export async function openBrowserSandbox() {
  const sandbox = await createSandbox({ customers: 30 });
  const browser = await launchBrowser();
  const errors: string[] = [];
  const person = (role: Role, nth = 0): Person => createPerson(sandbox, role, nth);

  return {
    url: sandbox.url,
    person,
    /** Opens the page as this person. The browser's errors are collected. */
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
    /** Closes every page, and returns the browser's errors, CSP violations included. */
    async clear(): Promise<readonly string[]> {
      await Promise.all(browser.contexts().map((context) => context.close()));
      return errors.splice(0);
    },
    async close(): Promise<void> {
      await browser.close();
      await sandbox.close();
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
