// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a placeholder of the card language
import assert from "node:assert/strict";
import fc from "fast-check";
import { lint, lintText } from "../../src/cards/lint/lint.ts";
import { createRender } from "../../src/cards/render.ts";
import type { View } from "../../src/domain/views/views.ts";
import { ALERT_GOLDENS } from "../cards/alert-card-fixtures.ts";
import { GOLDEN_VIEWS } from "../cards/golden-views.ts";
import { nastyText } from "../domain/commands/arbitrary-parts.ts";
import { CODES } from "../support/codes.ts";
import { fuzzTarget } from "./target.ts";

const VIEWS: readonly View[] = Object.values({ ...GOLDEN_VIEWS, ...ALERT_GOLDENS });
const render = createRender("cards", CODES);

/** The fields whose texts come from outside. */
const FOREIGN = new Set([
  "name",
  "text",
  "externalId",
  "id",
  "orgId",
  "city",
  "country",
  "state",
  "line1",
  "customer",
  "title",
  "note",
]);

/** The view with foreign texts in place of its own, one after the other. The title of most views is the bot's own. */
function filledWith(texts: readonly string[], view: View): View {
  let next = 0;
  const hasOwnTitle = !["customer", "history"].includes(view.kind);
  const filled = JSON.stringify(view, function (this: unknown, key, value) {
    if (typeof value !== "string" || !FOREIGN.has(key)) return value;
    if (key === "title" && this === view && hasOwnTitle) return value;
    next += 1;
    return texts[next % texts.length];
  });
  return JSON.parse(filled);
}

const foreign = fc.oneof(
  { weight: 6, arbitrary: nastyText() },
  { weight: 1, arbitrary: fc.tuple(nastyText(), fc.nat(300)).map(([text, times]) => text.repeat(times)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "",
      " ",
      "[x](https://y)",
      "<@personEmail:a@b.c|x>",
      "{{DATE(1)}}",
      "${x}",
      "\n# x\n> y",
    ),
  },
);

export const cards = fuzzTarget({
  name: "cards",
  share: 0.1,
  input: fc.record({ view: fc.constantFrom(...VIEWS), texts: fc.array(foreign, { minLength: 1, maxLength: 12 }) }),
  check({ view, texts }) {
    const { card, text } = render(filledWith(texts, view));
    assert.deepEqual(lint(card), []);
    assert.deepEqual(lintText(text), []);
  },
});
