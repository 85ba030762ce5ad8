import { expect, test } from "vitest";
import { connectClient } from "./scripted-api.ts";

const ROW = {
  id: "s1",
  email: "ada@acme.example",
  customerId: "c1",
  externalCustomerId: "acme-1",
  package: "webex_calling",
  packages: ["webex_calling"],
  status: "provisioned",
  errors: [{ errorCode: 10022, description: "In use." }],
};

test("subscribers are asked for by customer or address, for one sub-partner, and never from a cache", async () => {
  const { client, requests } = await connectClient(() => ({ json: { items: [ROW] } }));
  const one = await client.subscribers({ customerId: "c1", offset: 20, max: 20 }, "org-of-partner");
  await client.subscribers({ email: "ada@acme.example", offset: 0, max: 20 }, "");
  expect(requests.map(({ path, query }) => [path, Object.fromEntries(query)])).toEqual([
    [
      "/v1/wholesale/subscribers",
      { customerId: "c1", offset: "20", max: "20", onBehalfOfSubPartnerOrgId: "org-of-partner" },
    ],
    ["/v1/wholesale/subscribers", { email: "ada@acme.example", offset: "0", max: "20" }],
  ]);
  expect(one).toMatchObject({
    hasMore: false,
    unreadable: 0,
    subscribers: [
      {
        email: "ada@acme.example",
        customerId: "c1",
        externalCustomerId: "acme-1",
        packages: ["webex_calling"],
        status: "provisioned",
        problems: [{ level: "error", code: 10022, text: "In use." }],
      },
    ],
  });
});

test("what the API sends otherwise is not shown as something else", async () => {
  const items = [{ id: "s1", package: "webex_suite" }, { email: "no id" }, "nonsense"];
  const { client } = await connectClient(() => ({ json: { items } }));
  const { subscribers, unreadable, hasMore } = await client.subscribers({ customerId: "c1", offset: 0, max: 3 }, "");
  expect(subscribers).toMatchObject([{ email: "", status: "", packages: ["webex_suite"], problems: [] }]);
  expect({ unreadable, hasMore }).toEqual({ unreadable: 2, hasMore: true });
  const odd = await connectClient(() => ({ json: { rows: [] } }));
  await expect(odd.client.subscribers({ customerId: "c1", offset: 0, max: 3 }, "")).rejects.toThrow(
    "list of subscribers",
  );
});

test("a customer is asked for with the licence ids of its packages", async () => {
  const resourceDetails = {
    packages: [
      { name: "webex_calling", status: "provisioned", licenseIds: ["L1", "L2"] },
      { name: "webex_suite", status: "error" },
    ],
  };
  const customer = { id: "c1", status: "provisioned", resourceDetails };
  const { get, requests } = await connectClient(() => ({ json: customer }));
  expect((await get("c1"))?.licenses).toEqual([{ package: "webex_calling", ids: ["L1", "L2"] }]);
  expect(requests[0]?.query.get("includePackageLicenseInfo")).toBe("true");
});
