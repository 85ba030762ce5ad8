import { expect, test } from "vitest";
import { quickPollOnce } from "../../src/monitor/quick-poll.ts";
import { sweepOnce } from "../../src/monitor/sweep.ts";
import { onFile } from "../support/databases.ts";
import { MINUTE } from "../support/time.ts";
import type { ApiCustomer } from "../wholesale/scripted-api.ts";
import { customersOf, startScriptedWorld } from "./scripted-world.ts";

const running = () => ({ scope: "", signal: new AbortController().signal });

/** The customer has no problem status, but one of its packages is in error: it is in neither list. */
const hidden = (at: number): ApiCustomer & { readonly resourceDetails: unknown } => ({
  id: `hidden-${at}`,
  status: "updating",
  resourceDetails: { packages: [{ name: "webex_calling", status: "error" }] },
});

onFile((database) => {
  const begin = async (customers: readonly ApiCustomer[]) => {
    const store = await database.open();
    const scripted = await startScriptedWorld(store, customers);
    await sweepOnce(scripted.deps, running());
    scripted.calls();
    scripted.world.now += MINUTE;
    const status = async (id: string) => (await store.snapshot.get("", id))[0]?.customer.status;
    return { store, status, ...scripted };
  };

  test.each([200, 2_000])(
    "ALERTS 5: among %i customers a quick poll takes two calls and one per other unhealthy customer",
    async (count) => {
      const unhealthy = [
        ...customersOf(40, "error", "broken"),
        ...customersOf(60, "provisioned_with_errors", "partly"),
      ];
      const { deps, calls, log } = await begin([...customersOf(count), ...unhealthy, hidden(1), hidden(2), hidden(3)]);
      await quickPollOnce(deps, running());
      expect(calls()).toEqual(["error0+100", "provisioned_with_errors0+100", "hidden-1", "hidden-2", "hidden-3"]);
      const fields = { listed: 100, lookedUp: 3, calls: 5, changed: 0 };
      expect(log.lines.at(-1)).toMatchObject({ event: "quick_poll.complete", fields });
    },
  );

  test("ALERTS 5: a quick poll finds new errors and recoveries", async () => {
    const { world, deps, status } = await begin([...customersOf(200), ...customersOf(1, "error", "broken")]);
    world.customers = [
      ...customersOf(199),
      { id: "healthy-199", status: "error" },
      ...customersOf(1, "provisioned", "broken"),
    ];
    await quickPollOnce(deps, running());
    expect([await status("healthy-199"), await status("broken-0")]).toEqual(["error", "provisioned"]);
  });

  test("ALERTS 5: a quick poll never removes a customer", async () => {
    const { world, deps, status } = await begin([...customersOf(200), ...customersOf(1, "error", "broken")]);
    world.customers = customersOf(200);
    for (let time = 0; time < 3; time += 1) await quickPollOnce(deps, running());
    expect(await status("broken-0")).toBe("error");
  });

  test("a quick poll reads all pages", async () => {
    const { deps, calls } = await begin(customersOf(250, "error", "broken"));
    await quickPollOnce(deps, running());
    expect(calls()).toEqual(["error0+100", "error100+100", "error200+100", "provisioned_with_errors0+100"]);
  });

  test("a failed quick poll is logged and changes nothing", async () => {
    const { world, deps, log, status } = await begin(customersOf(10));
    world.failure = () => ({ status: 401 });
    await quickPollOnce(deps, running());
    expect(log.lines.at(-1)).toMatchObject({
      event: "quick_poll.failed",
      fields: { cause: "wholesale.unauthorized" },
    });
    expect(await status("healthy-0")).toBe("provisioned");
  });
});
