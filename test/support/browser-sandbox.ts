import { type Browser, chromium, type Page } from "playwright-core";
import { createSandbox } from "../../src/sandbox/sandbox.ts";
import { BROWSER_ARGS, findBrowser } from "./browser.ts";
import { createPerson, type Person } from "./person.ts";

/** Less than a test may take: the browser then says what it waited for. */
const PAGE_TIMEOUT_MS = 15_000;

interface PageOptions {
  readonly width?: number;
  readonly dark?: boolean;
}

export type BrowserSandbox = Awaited<ReturnType<typeof openBrowserSandbox>>;

/** The twins without a bot, their page in a real browser, and people before it. */
export async function openBrowserSandbox() {
  const sandbox = await createSandbox({ customers: 30 });
  const executablePath = findBrowser();
  const browser = await chromium.launch({
    ...(executablePath !== undefined && { executablePath }),
    args: [...BROWSER_ARGS],
  });
  const complaints: string[] = [];
  const people = sandbox.world.people.all.map((one) => ({ ...one, personId: one.id }));

  function person(role: string, nth = 0): Person {
    const me = people.filter((one) => one.role === role)[nth];
    const bot = people.find((one) => one.role === "bot");
    if (me === undefined || bot === undefined) throw new Error(`the sandbox has no ${role} ${nth}`);
    return createPerson(sandbox.url, me, bot);
  }

  return {
    url: sandbox.url,
    person,
    /** The page as this person sees it; whatever the browser says against it is remembered. */
    async openAs(me: Person, look: PageOptions = {}): Promise<Page> {
      const page = await openPage(browser, look);
      page.on("pageerror", (error) => complaints.push(error.message));
      page.on("console", (line) => line.type() === "error" && complaints.push(line.text()));
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
    /** Closes every page, and tells what the browser said against them: errors, and breaches of the CSP. */
    async clear(): Promise<readonly string[]> {
      await Promise.all(browser.contexts().map((context) => context.close()));
      return complaints.splice(0);
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
  context.setDefaultTimeout(PAGE_TIMEOUT_MS);
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
