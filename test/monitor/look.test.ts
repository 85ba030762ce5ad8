import { expect, test } from "vitest";
import { lookOnce } from "../../src/monitor/look.ts";
import { sweepOnce } from "../../src/monitor/sweep.ts";
import { onFile } from "../support/databases.ts";
import type { Row } from "../wholesale/api.ts";
import { MINUTE, many, settle } from "./world.ts";

const running = () => ({ scope: "", signal: new AbortController().signal });

/** The customer is well by its own status, but one of its packages is not: no list of problems names it. */
const hidden = (at: number): Row & { readonly resourceDetails: unknown } => ({
  id: `hidden-${at}`,
  status: "updating",
  resourceDetails: { packages: [{ name: "webex_calling", status: "error" }] },
});

onFile((database) => {
  const begin = async (customers: readonly Row[]) => {
    const store = await database.open();
    const settled = await settle(store, customers);
    await sweepOnce(settled.deps, running());
    settled.calls();
    settled.world.now += MINUTE;
    const status = async (id: string) => (await store.snapshot.get("", id))[0]?.customer.status;
    return { store, status, ...settled };
  };

  test.each([1_000, 10_000])(
    "ALERTS 5: among %i customers a look takes two calls and one per open key",
    async (count) => {
      const unwell = [...many(40, "error", "broken"), ...many(60, "provisioned_with_errors", "partly")];
      const { deps, calls, log } = await begin([...many(count), ...unwell, hidden(1), hidden(2), hidden(3)]);
      await lookOnce(deps, running());
      expect(calls()).toEqual([
        "error0+100",
        "provisioned_with_errors0+100",
        "hidden-1",
        "hidden-2",
        "hidden-3",
      ]);
      const told = { listed: 100, lookedUp: 3, calls: 5, changed: 0 };
      expect(log.lines.at(-1)).toMatchObject({ event: "look.complete", fields: told });
    },
  );

  test("ALERTS 5: a look sees who fell ill and who got well", async () => {
    const { world, deps, status } = await begin([...many(200), ...many(1, "error", "broken")]);
    world.customers = [
      ...many(199),
      { id: "healthy-199", status: "error" },
      ...many(1, "provisioned", "broken"),
    ];
    await lookOnce(deps, running());
    expect([await status("healthy-199"), await status("broken-0")]).toEqual(["error", "provisioned"]);
  });

  test("ALERTS 5: a look never removes anybody", async () => {
    const { world, deps, status } = await begin([...many(200), ...many(1, "error", "broken")]);
    world.customers = many(200);
    for (let time = 0; time < 3; time += 1) await lookOnce(deps, running());
    expect(await status("broken-0")).toBe("error");
  });

  test("a look takes as many pages as there are", async () => {
    const { deps, calls } = await begin(many(250, "error", "broken"));
    await lookOnce(deps, running());
    expect(calls()).toEqual(["error0+100", "error100+100", "error200+100", "provisioned_with_errors0+100"]);
  });

  test("a look that fails says so, and nothing else happens", async () => {
    const { world, deps, log, status } = await begin(many(10));
    world.trouble = () => ({ status: 401 });
    await lookOnce(deps, running());
    expect(log.lines.at(-1)).toMatchObject({
      event: "look.failed",
      fields: { cause: "wholesale.unauthorized" },
    });
    expect(await status("healthy-0")).toBe("provisioned");
  });
});
