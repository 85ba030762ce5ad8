import { createRequire } from "node:module";
import { describe, expect, test } from "vitest";
import { ALERT_GOLDENS } from "./alert-card-fixtures.ts";
import { GOLDEN_VIEWS } from "./golden-views.ts";
import { expectFit, render } from "./read-card.ts";

const require = createRequire(import.meta.url);
const { AdaptiveCard, SerializationContext, Version } = require("adaptivecards/dist/adaptivecards.js");

describe.each(Object.entries({ ...GOLDEN_VIEWS, ...ALERT_GOLDENS }))("%s", (name, view) => {
  const { card, text } = render(view);

  test("is drawn as it was when somebody last looked at it", async () => {
    await expect(`${JSON.stringify(card, null, 1)}\n`).toMatchFileSnapshot(`../fixtures/golden/${name}.json`);
    await expect(`${text}\n`).toMatchFileSnapshot(`../fixtures/golden/${name}.txt`);
  });

  test("is without fault for Webex", () => {
    expectFit(view);
  });

  test("is without fault for Microsoft's own parser of version 1.3", () => {
    const context = new SerializationContext(new Version(1, 3));
    const parsed = new AdaptiveCard();
    parsed.parse(card, context);
    const faults = Array.from({ length: context.eventCount }, (_, i) => context.getEventAt(i).message);
    const inputs = parsed.validateProperties().validationEvents.map(({ message }: { message: string }) => message);
    expect([...faults, ...inputs]).toEqual([]);
  });
});
