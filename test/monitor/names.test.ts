import { expect, test } from "vitest";
import { createNameReader } from "../../src/monitor/names.ts";
import { sweepOnce } from "../../src/monitor/sweep.ts";
import { onFile } from "../support/databases.ts";
import type { ReceivedRequest, ScriptedResponse } from "../support/loopback.ts";
import { DAY, MINUTE } from "../support/time.ts";
import { customersOf, startScriptedWorld } from "./scripted-world.ts";

const { signal } = new AbortController();

onFile((database) => {
  /** Three customers without names. */
  const begin = async (answer: (orgId: string) => ScriptedResponse) => {
    const store = await database.open();
    const scripted = await startScriptedWorld(
      store,
      customersOf(3).map((row, at) => ({ ...row, orgId: `org-${at}` })),
    );
    const { world, deps, calls } = scripted;
    world.failure = ({ path }: ReceivedRequest) => {
      const [, orgId] = /\/organizations\/(.+)$/.exec(path) ?? [];
      return orgId === undefined ? undefined : answer(orgId);
    };
    await sweepOnce(deps, { scope: "", signal });
    calls();
    const readNames = createNameReader(deps);
    const read = (most = 10) => readNames([""], most, signal);
    const titles = async () => {
      const { records } = await store.snapshot.find("", { filter: [], offset: 0, max: 10, now: world.now });
      return records.map(({ customer }) => customer.name ?? customer.id).sort();
    };
    return { ...scripted, read, titles };
  };

  test("names are read a few at a time and kept for a week", async () => {
    const { read, titles, calls, world } = await begin((orgId) => ({
      json: { displayName: `Name of ${orgId}` },
    }));
    await read(2);
    expect(calls()).toHaveLength(2);
    await read(2);
    await read(2);
    expect(calls()).toHaveLength(1);
    expect(await titles()).toEqual(["Name of org-0", "Name of org-1", "Name of org-2"]);
    world.now += 8 * DAY;
    await read();
    expect(calls()).toHaveLength(3);
  });

  test("an organisation that does not exist is read once", async () => {
    const { read, titles, calls } = await begin(() => ({ status: 404 }));
    await read();
    await read();
    expect(calls()).toHaveLength(3);
    expect(await titles()).toEqual(["healthy-0", "healthy-1", "healthy-2"]);
  });

  test("after a 403 no more names are read", async () => {
    const { read, calls, log, world } = await begin(() => ({ status: 403 }));
    await read();
    world.now += DAY;
    await read();
    expect(calls()).toEqual(["org-0"]);
    expect(log.lines.filter(({ event }) => event.startsWith("names."))).toMatchObject([{ event: "names.disabled" }]);
  });

  test("after a failure of the API no names are read for a while", async () => {
    const { read, calls, world } = await begin(() => ({ status: 401 }));
    await read();
    await read();
    expect(calls()).toHaveLength(1);
    world.now += 6 * MINUTE;
    await read();
    expect(calls()).toHaveLength(1);
  });
});
