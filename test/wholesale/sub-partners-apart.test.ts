import { expect, test } from "vitest";
import { WHOLE_TOKEN } from "../../src/domain/customers/sweep.ts";
import { withinScope } from "../../src/domain/replies/scoped-wholesale.ts";
import { createClient } from "../../src/wholesale/client.ts";
import { startTwins } from "../sandbox/twins.ts";
import { connectHttp, createTestLog, listQuery, NOW } from "./scripted-api.ts";

/** The client as a space has it, in front of the sandbox's API, whose links lose all parameters. */
async function connect() {
  const twins = await startTwins({ customers: 250 });
  const { subPartners, matching } = twins.sandbox.world.customers;
  const [north, south] = subPartners;
  if (north === undefined || south === undefined) throw new Error("There are no sub-partners.");
  const token = { current: async () => "sandbox-wholesale-token", afterRejection: async () => undefined };
  const http = connectHttp(twins.sandbox.url.replace(/\/$/, ""), 0);
  const client = createClient({ http, token, clock: () => NOW, log: createTestLog() });
  const idsOf = (subPartnerOrgId: string) => [...matching({ subPartnerOrgId })].map(({ customer }) => customer.id);
  await twins.control("POST", "/faults", { api: "wholesale", bareLinks: true });
  return { twins, client, north: north.orgId, own: idsOf(north.orgId), foreign: idsOf(south.orgId) };
}

const FRESH = { fresh: true };

test("PRODUCT 5: a bound space is never shown a customer of another sub-partner, whatever it asks for", async () => {
  const { twins, client, north, own, foreign } = await connect();
  const bound = withinScope(client, north);
  for (const statuses of [[], ["provisioned"], ["error", "provisioned_with_errors"]]) {
    for (const subpartner of [undefined, "somebody else", WHOLE_TOKEN]) {
      // After a 504 the rest of the page comes in pieces, by links.
      await twins.control("POST", "/faults", { api: "wholesale", status: 504, times: 1 });
      const query = listQuery({ statuses, max: 50, ...(subpartner !== undefined && { subpartner }) });
      const { customers } = await bound.list(query, FRESH);
      expect(customers.length).toBeGreaterThan(0);
      expect(customers.filter(({ id }) => !own.includes(id))).toEqual([]);
    }
  }
  for (const id of foreign.slice(0, 10)) expect(await bound.get(id, FRESH)).toBeUndefined();
  for (const id of own.slice(0, 10)) expect((await bound.get(id, FRESH))?.customer.id).toBe(id);
});
