import { expect, test } from "vitest";
import { createNameReader } from "../../src/monitor/names.ts";
import { sweepOnce } from "../../src/monitor/sweep.ts";
import { onFile } from "../support/databases.ts";
import type { ReceivedRequest, ScriptedResponse } from "../support/loopback.ts";
import { DAY, HOUR, MINUTE } from "../support/time.ts";
import { customersOf, startScriptedWorld } from "./scripted-world.ts";

const { signal } = new AbortController();
const LIST = "organizations";
const nameOf = (orgId: string) => `Name of ${orgId}`;
const single = (orgId: string): ScriptedResponse => ({ json: { displayName: nameOf(orgId) } });
const listOf = (...orgIds: readonly string[]): ScriptedResponse => ({
  json: { items: orgIds.map((id) => ({ id, displayName: nameOf(id) })) },
});
const COUNT = 30;
const ALL = Array.from({ length: COUNT }, (_, at) => `org-${at}`).sort();

onFile((database) => {
  /** Customers without names. */
  const begin = async (answer: (orgId: string) => ScriptedResponse, list: ScriptedResponse = { status: 403 }) => {
    const store = await database.open();
    const scripted = await startScriptedWorld(
      store,
      customersOf(COUNT).map((row, at) => ({ ...row, orgId: `org-${at}` })),
    );
    const { world, deps, calls } = scripted;
    world.failure = ({ path }: ReceivedRequest) => {
      if (path.endsWith("/organizations")) return list;
      const [, orgId] = /\/organizations\/(.+)$/.exec(path) ?? [];
      return orgId === undefined ? undefined : answer(orgId);
    };
    await sweepOnce(deps, { scope: "", signal });
    calls();
    const readNames = createNameReader(deps);
    const read = (most = COUNT) => readNames([""], most, signal);
    const titles = async () => {
      const { records } = await store.snapshot.find("", { filter: [], offset: 0, max: COUNT, now: world.now });
      return records.map(({ customer }) => customer.name ?? customer.id).sort();
    };
    return { ...scripted, read, titles };
  };

  test("many names are read by one call, and kept for a week", async () => {
    const { read, titles, calls, world, log } = await begin(single, listOf("org-99", ...ALL));
    await read(2);
    expect(calls()).toEqual([LIST]);
    expect(await titles()).toEqual(ALL.map(nameOf));
    expect(log.lines).toContainEqual({ event: "names.listed", fields: { names: COUNT + 1, ms: 0 } });
    await read();
    expect(calls()).toEqual([]);
    world.now += 8 * DAY;
    await read();
    expect(calls()).toEqual([LIST]);
  });

  test("names that the list lacks are read one by one, and so are a few new ones", async () => {
    const { read, titles, calls, world } = await begin(single, listOf(...ALL.slice(3)));
    await read(1);
    expect(calls()).toEqual([LIST, expect.stringMatching(/^org-/)]);
    world.now += 2 * HOUR;
    await read();
    expect(calls()).toHaveLength(2);
    expect(await titles()).toEqual(ALL.map(nameOf));
  });

  test.each([
    ["forbidden", { status: 403 }],
    ["not there", { status: 404 }],
    ["not implemented", { status: 501 }],
    ["something else", { body: "<html>" }],
    ["a half of it", { ...listOf(...ALL), fault: "half" }],
    ["without an end", { body: JSON.stringify(listOf().json).slice(0, -2) }],
    ["without names", { json: { items: [{ id: "org-0" }, { displayName: "Nobody" }, null, 7] } }],
  ] satisfies readonly (readonly [string, ScriptedResponse])[])(
    "while the list is %s, names are read one by one, and the list is asked for every hour",
    async (_, list) => {
      const { read, titles, calls, world } = await begin(single, list);
      await read(1);
      expect(calls().filter((call) => call !== LIST)).toHaveLength(1);
      await read();
      expect(calls()).not.toContain(LIST);
      expect(await titles()).toEqual(ALL.map(nameOf));
      world.now += 8 * DAY;
      for (const isAsked of [true, false]) {
        await read(0);
        expect(calls().includes(LIST)).toBe(isAsked);
      }
      world.now += HOUR;
      await read(0);
      expect(calls()).toContain(LIST);
    },
  );

  test("an organisation that does not exist is read once", async () => {
    const { read, titles, calls } = await begin(() => ({ status: 404 }));
    await read();
    await read();
    expect(calls()).toHaveLength(COUNT + 1);
    expect((await titles()).at(-1)).toBe("healthy-9");
  });

  test("after a 403 no more names are read", async () => {
    const { read, calls, log, world } = await begin(() => ({ status: 403 }));
    await read(2);
    world.now += DAY;
    await read(2);
    expect(calls()).toHaveLength(2);
    const logged = log.lines.map(({ event }) => event).filter((event) => event.startsWith("names."));
    expect(logged).toEqual(["names.list_failed", "names.disabled"]);
  });

  test("after a failure of the API no names are read for a while", async () => {
    const { read, calls, world } = await begin(() => ({ status: 401 }));
    await read();
    await read();
    expect(calls()).toHaveLength(2);
    world.now += 6 * MINUTE;
    await read();
    expect(calls()).toHaveLength(1);
  });
});
