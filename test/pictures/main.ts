import { writeFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { createSandbox, type Sandbox } from "../../src/sandbox/sandbox.ts";
import { BROWSER_TIMEOUT_MS, launchBrowser } from "../support/browser.ts";
import { createPerson } from "../support/person.ts";
import { takeGallery } from "./gallery.ts";
import { draw, FINGERPRINTS, FOLDER, fingerprintOf, PICTURES } from "./pictures.ts";

/**
 * Draws the cards of the documentation on the page of the sandbox, and keeps a picture of each. With a folder as its argument it draws
 * every golden card instead, and keeps the pictures there.
 */

const sandbox = await createSandbox({ customers: 1, expectsBot: false });
const browser = await launchBrowser();
const [folder] = process.argv.slice(2);
try {
  if (folder === undefined) await takePictures();
  else await takeGallery(browser, sandbox.url, folder);
} finally {
  await browser.close();
  await sandbox.close();
}

async function takePictures(): Promise<void> {
  await postCards(sandbox);
  const context = await browser.newContext({ viewport: { width: 1280, height: 1600 }, deviceScaleFactor: 2 });
  context.setDefaultTimeout(BROWSER_TIMEOUT_MS);
  const page = await context.newPage();
  await page.goto(sandbox.url);
  for (const name of Object.keys(PICTURES)) await takePicture(page, name);
  const fingerprints = Object.entries(PICTURES).map(([name, view]) => [name, fingerprintOf(view)]);
  writeFileSync(FINGERPRINTS, `${JSON.stringify(Object.fromEntries(fingerprints), null, 2)}\n`);
}

/** One space for each card, named after its picture. */
async function postCards(twins: Sandbox): Promise<void> {
  const owner = createPerson(twins, "operator");
  const bot = createPerson(twins, "bot");
  for (const [title, view] of Object.entries(PICTURES)) {
    const { id: roomId } = await owner.call<{ id: string }>("POST", "/rooms", { title });
    await owner.call("POST", "/memberships", { roomId, personId: bot.personId });
    const { card, text } = draw(view);
    const attachments = [{ contentType: "application/vnd.microsoft.card.adaptive", content: card }];
    await bot.call("POST", "/messages", { roomId, markdown: text, attachments });
  }
}

async function takePicture(page: Page, name: string): Promise<void> {
  await page.getByRole("list", { name: "Your spaces" }).getByRole("button", { name }).click();
  const path = `${FOLDER}/${name}.png`;
  await page.locator(".card").first().screenshot({ path });
  process.stdout.write(`${path}\n`);
}
