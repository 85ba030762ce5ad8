import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { ALERT_GOLDENS } from "../cards/alert-card-fixtures.ts";
import { GOLDEN_VIEWS } from "../cards/golden-views.ts";
import { render } from "../cards/read-card.ts";
import { violationsOf } from "../support/axe.ts";
import { findBrowser } from "../support/browser.ts";
import { useBrowserSandbox } from "../support/browser-sandbox.ts";
import { openCardSheet } from "../support/card-sheet.ts";

const VIEWS = Object.entries({ ...GOLDEN_VIEWS, ...ALERT_GOLDENS });
const CARDS = Object.fromEntries(VIEWS.map(([name, view]) => [name, render(view)]));

describe.skipIf(!findBrowser())("every golden card, as the page of the sandbox draws it", () => {
  const stage = useBrowserSandbox();

  const openSheet = async ({ width, dark = false }: { readonly width: number; readonly dark?: boolean }) => {
    const page = await stage.openAs(stage.person("viewer"), { dark });
    await openCardSheet(page, stage.url(), CARDS, width);
    expect(await page.locator("section .card").count()).toBe(VIEWS.length);
    return page;
  };

  test("has no fault for axe, and enough contrast in the dark as well", async () => {
    expect(await violationsOf(await openSheet({ width: 360 }))).toEqual([]);
    expect(await violationsOf(await openSheet({ width: 360, dark: true }), ["color-contrast"])).toEqual([]);
  });

  test("of one alert has its buttons in one row on a phone of 360 px", async () => {
    const page = await openSheet({ width: 360 });
    expect(await page.evaluate(WRAPPED_BUTTONS)).toEqual([]);
  });

  test("fits the narrowest phone: nothing sticks out, and no word is broken", async () => {
    const page = await openSheet({ width: 300 });
    expect(await page.evaluate(STICKING_OUT)).toEqual([]);
    expect(await brokenWords(page)).toEqual([]);
  });
});

/** The cards of one alert whose buttons stand at different heights. */
const WRAPPED_BUTTONS = `[...document.querySelectorAll('section[aria-label^="alert-"]')].flatMap((section) => {
  const buttons = [...section.querySelectorAll(".card button")];
  const rows = new Set(buttons.map((button) => Math.round(button.getBoundingClientRect().top)));
  return rows.size > 1 ? [section.ariaLabel + ": " + buttons.map((button) => button.textContent).join(", ")] : [];
})`;

const STICKING_OUT = `[...document.querySelectorAll("section")].flatMap((section) => {
  const { right } = section.getBoundingClientRect();
  const parts = [...section.querySelectorAll(".card *")].filter((part) => part.getBoundingClientRect().right > right);
  return parts.map((part) => section.ariaLabel + ": " + part.textContent);
})`;

/** Words of ordinary length whose letters stand on two lines. Ids in a monospaced font may break anywhere. */
function brokenWords(page: Page): Promise<readonly string[]> {
  return page.evaluate(`[...document.querySelectorAll("section")].flatMap((section) => {
    const found = [];
    const texts = document.createTreeWalker(section.querySelector(".card"), NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      if (getComputedStyle(text.parentElement).fontFamily.includes("Mono")) continue;
      for (const { index, 0: word } of text.data.matchAll(/[\\p{L}\\p{N}]{2,16}/gu)) {
        const range = document.createRange();
        range.setStart(text, index);
        range.setEnd(text, index + word.length);
        const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)));
        if (lines.size > 1) found.push(section.ariaLabel + ": " + word);
      }
    }
    return found;
  })`);
}
