import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { createRender } from "../../src/cards/render.ts";
import { buildMessage } from "../../src/domain/alerts/messages.ts";
import { buildCardEdit } from "../../src/domain/alerts/refreshed-view.ts";
import { customerOf } from "../support/alert-fixtures.ts";
import { CODES } from "../support/codes.ts";
import { onEveryDatabase } from "../support/databases.ts";
import { MINUTE } from "../support/time.ts";
import { openEngineHarness } from "./engine-harness.ts";

/** The end of an alert that is told late, when its package is not as it was any more (ALERTS 26, g). */

const render = createRender(fileURLToPath(new URL("../../cards", import.meta.url)), CODES);
const acme = (status: string) => customerOf("acme", { calling: status });
const other = customerOf("globex", { calling: "error" });

onEveryDatabase((database) => {
  /** A room that was told that acme is in error, and was not told yet that this is over. */
  async function afterUntoldEnd(end: "recovered" | "removed") {
    const store = await database.open();
    const harness = openEngineHarness(store);
    const { clock } = harness;
    await harness.sweep([acme("provisioned")]);
    await harness.watch("hq");
    await harness.deliver();
    await harness.recordPage([acme("error")]);
    await harness.wait(MINUTE);
    await harness.deliver();
    if (end === "recovered")
      for (let reading = 0; reading < 2; reading++) await harness.quickPoll([acme("provisioned")]);
    else {
      for (let sweep = 0; sweep < 2; sweep++) await harness.sweep([customerOf("acme", {})]);
      await harness.lookup([customerOf("acme", {})]);
    }
    clock.now += 40 * MINUTE;
    return {
      ...harness,
      /** The first lines of the messages that are due, and of the edits that follow. */
      async read() {
        clock.now += 6 * MINUTE;
        const messages = await harness.deliver();
        const edits = [];
        for (;;) {
          const edit = await store.outbox.claimEdit(clock.now, MINUTE);
          if (edit === undefined) break;
          await store.outbox.recordEdit(edit, "shown", clock.now);
          edits.push(buildCardEdit(edit, clock.now));
        }
        const views = [...messages.map(({ message }) => buildMessage(message, clock.now).view), ...edits];
        return views.map((view) => render(view).text.split("\nAs of")[0] ?? "");
      },
    };
  }

  test("ALERTS 26: a late recovery says that the package is in error again, and so do the edits", async () => {
    const { recordPage, read } = await afterUntoldEnd("recovered");
    await recordPage([acme("error")]);
    const [message, ...edits] = await read();
    expect(message).toContain("✕ Recovered, now in error again: acme · Calling · after 1 min · alert 1");
    expect(message).toMatch(/✕ Error: acme · Calling · since .* · alert 2/);
    expect(edits.length).toBeGreaterThan(0);
    expect(edits[0]).toContain("✕ Recovered, now in error again: acme · Calling · after 1 min · alert 1");
  });

  test("ALERTS 26: a late recovery says what its package is doing now", async () => {
    const { recordPage, read } = await afterUntoldEnd("recovered");
    await recordPage([acme("provisioning")]);
    const [message] = await read();
    expect(message).toMatch(/^… Recovered, now Provisioning: acme · Calling/);
  });

  test("ALERTS 26: a late removal says that the package is there again", async () => {
    const { recordPage, read } = await afterUntoldEnd("removed");
    await recordPage([acme("error"), other]);
    const [message] = await read();
    expect(message).toContain("✕ Removed while in error, now in error again: acme · Calling");
  });

  test("a recovery that is true at its time says no more than that", async () => {
    const { read } = await afterUntoldEnd("recovered");
    expect((await read()).map((text) => text.split("\n")[0])).toEqual([
      expect.stringMatching(/^✓ Recovered: acme · Calling · after 1 min/),
      expect.stringMatching(/^✓ Recovered: acme · Calling · after 1 min/),
    ]);
  });
});
