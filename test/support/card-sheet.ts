import type { Page } from "playwright-core";
import type { Rendered } from "../../src/cards/render.ts";

const STYLES = ["vendor/adaptivecards", "base", "message", "card"];
const SCRIPTS = ["vendor/adaptivecards", "vendor/markdown-it"];

/**
 * Draws cards one below the other on a page of the sandbox, with the modules and the styles of its conversation, in the colour scheme of the
 * browser. Each is a `section` with its name as its label.
 */
export async function openCardSheet(page: Page, url: string, cards: Readonly<Record<string, Rendered>>, width = 432) {
  const address = `${url}/card-sheet.html`;
  await page.route(address, (route) => route.fulfill({ contentType: "text/html", body: sheetOf(cards, width) }));
  await page.goto(address);
  await page.locator("body[data-drawn]").waitFor();
}

function sheetOf(cards: Readonly<Record<string, Rendered>>, width: number): string {
  const drawn = Object.entries(cards).map(([name, { card }]) => ({ name, json: card }));
  return `<!doctype html>
<html lang="en" style="--card-width: ${width}px">
<meta charset="utf-8">
<title>Cards</title>
${STYLES.map((name) => `<link rel="stylesheet" href="./${name}.css">`).join("\n")}
${SCRIPTS.map((name) => `<script src="./${name}.min.js"></script>`).join("\n")}
<body style="display: block; height: auto">
<main><h1>Cards</h1></main>
<script type="module">
  import { cardNode, readHostConfigs } from "./card.js";
  await readHostConfigs();
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  for (const { name, json } of ${JSON.stringify(drawn).replaceAll("<", "\\u003c")}) {
    const section = document.createElement("section");
    section.ariaLabel = name;
    section.style.width = "${width}px";
    section.innerHTML = "<h2></h2>";
    section.firstChild.textContent = name;
    section.append(cardNode({ json, dark, message: {}, press: async () => {} }).node);
    document.querySelector("main").append(section);
  }
  document.body.dataset.drawn = "";
</script>`;
}
