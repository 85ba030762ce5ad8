import { expect, test } from "vitest";
import { quickPollOnce } from "../../src/monitor/quick-poll.ts";
import { sweepOnce } from "../../src/monitor/sweep.ts";
import { onFile } from "../support/databases.ts";
import type { ApiCustomer } from "../wholesale/scripted-api.ts";
import { customersOf, MINUTE, startScriptedWorld } from "./scripted-world.ts";

const running = () => ({ scope: "", signal: new AbortController().signal });

/** The customer is well by its own status, but one of its packages is not: no list of problems names it. */
const hidden = (at: number): ApiCustomer & { readonly resourceDetails: unknown } => ({
  id: `hidden-${at}`,
  status: "updating",
  resourceDetails: { packages: [{ name: "webex_calling", status: "error" }] },
});

onFile((database) => {
  const begin = async (customers: readonly ApiCustomer[]) => {
    const store = await database.open();
    const settled = await startScriptedWorld(store, customers);
    await sweepOnce(settled.deps, running());
    settled.calls();
    settled.world.now += MINUTE;
    const status = async (id: string) => (await store.snapshot.get("", id))[0]?.customer.status;
    return { store, status, ...settled };
  };

  test.each([200, 2_000])("ALERTS 5: among %i customers a look takes two calls and one per open key", async (count) => {
    const unwell = [...customersOf(40, "error", "broken"), ...customersOf(60, "provisioned_with_errors", "partly")];
    const { deps, calls, log } = await begin([...customersOf(count), ...unwell, hidden(1), hidden(2), hidden(3)]);
    await quickPollOnce(deps, running());
    expect(calls()).toEqual(["error0+100", "provisioned_with_errors0+100", "hidden-1", "hidden-2", "hidden-3"]);
    const told = { listed: 100, lookedUp: 3, calls: 5, changed: 0 };
    expect(log.lines.at(-1)).toMatchObject({ event: "quick_poll.complete", fields: told });
  });

  test("ALERTS 5: a look sees who fell ill and who got well", async () => {
    const { world, deps, status } = await begin([...customersOf(200), ...customersOf(1, "error", "broken")]);
    world.customers = [
      ...customersOf(199),
      { id: "healthy-199", status: "error" },
      ...customersOf(1, "provisioned", "broken"),
    ];
    await quickPollOnce(deps, running());
    expect([await status("healthy-199"), await status("broken-0")]).toEqual(["error", "provisioned"]);
  });

  test("ALERTS 5: a look never removes anybody", async () => {
    const { world, deps, status } = await begin([...customersOf(200), ...customersOf(1, "error", "broken")]);
    world.customers = customersOf(200);
    for (let time = 0; time < 3; time += 1) await quickPollOnce(deps, running());
    expect(await status("broken-0")).toBe("error");
  });

  test("a look takes as many pages as there are", async () => {
    const { deps, calls } = await begin(customersOf(250, "error", "broken"));
    await quickPollOnce(deps, running());
    expect(calls()).toEqual(["error0+100", "error100+100", "error200+100", "provisioned_with_errors0+100"]);
  });

  test("a look that fails says so, and nothing else happens", async () => {
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
