import type { Browser } from "playwright-core";
import { ALERT_GOLDENS } from "../cards/alert-card-fixtures.ts";
import { GOLDEN_VIEWS } from "../cards/golden-views.ts";
import { openCardSheet } from "../support/card-sheet.ts";
import { draw } from "./pictures.ts";

const WIDTHS = [432, 360, 300];

/** Takes a picture of every golden card at each width, light and dark: `<folder>/300-dark/alert-opened.png`. */
export async function takeGallery(browser: Browser, url: string, folder: string): Promise<void> {
  const views = Object.entries({ ...GOLDEN_VIEWS, ...ALERT_GOLDENS });
  const cards = Object.fromEntries(views.map(([name, view]) => [name, draw(view)]));
  for (const colorScheme of ["light", "dark"] as const)
    for (const width of WIDTHS) {
      const page = await browser.newPage({ colorScheme });
      await openCardSheet(page, url, cards, width);
      const place = `${folder}/${width}-${colorScheme}`;
      for (const name of Object.keys(cards)) {
        const card = page.locator(`section[aria-label="${name}"] .card`);
        await card.screenshot({ path: `${place}/${name}.png` });
      }
      process.stdout.write(`${place}\n`);
      await page.close();
    }
}
