import { expect, test } from "vitest";
import { buildMessage } from "../../src/domain/alerts/messages.ts";
import { customerOf } from "../support/alert-fixtures.ts";
import { onEveryDatabase } from "../support/databases.ts";
import { inUtc } from "../support/in-utc.ts";
import { HOUR, MINUTE } from "../support/time.ts";
import { openEngineHarness } from "./engine-harness.ts";

const acme = (calling: string) => customerOf("acme", { calling });

onEveryDatabase((database) => {
  test("ALERTS 19: a restored backup sends nothing that waited; each watching space gets one catch-up", async () => {
    const { store, clock, sweep, watch, deliver, recordPage, queued, wait } = openEngineHarness(await database.open());
    await sweep([acme("provisioned")]);
    await watch("hq");
    await watch("lab");
    await deliver();
    clock.now += MINUTE;
    await recordPage([acme("error")]);
    await store.outbox.notifyOps(["A report"], clock.now);
    const event = { idempotencyKey: "e1", roomId: "hq", resource: "messages", event: "created", body: "{}" };
    await store.inbox.add(event, clock.now);

    clock.now += HOUR;
    await store.outbox.dropRestored(clock.now);
    expect(await store.inbox.waiting()).toBe(0);
    expect(await queued("hq")).toEqual(["catch-up"]);
    expect(await deliver()).toEqual([]);

    await sweep([acme("provisioned")]);
    await sweep([acme("provisioned")]);
    const deliveries = await deliver();
    expect(deliveries.map(({ to, kinds }) => [to, kinds])).toEqual([
      ["hq", ["catch-up"]],
      ["lab", ["catch-up"]],
    ]);
    const [first] = deliveries;
    const { view } = buildMessage(first?.message ?? notExpected(), clock.now);
    expect(inUtc(view)).toMatchObject({
      title: expect.stringMatching(/^A backup was restored: messages after .* UTC/),
    });

    await recordPage([customerOf("bolt", { calling: "error" })]);
    await wait(MINUTE);
    const [alert] = (await deliver())[0]?.alerts ?? [];
    expect(alert?.id).toBeGreaterThan(1000);
  });
});

function notExpected(): never {
  throw new Error("No message");
}
