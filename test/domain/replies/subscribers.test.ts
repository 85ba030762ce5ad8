import { expect, test } from "vitest";
import type { SubscribersCommand } from "../../../src/domain/commands/subscribers.ts";
import type { Subscriber } from "../../../src/domain/ports/wholesale.ts";
import { replySubscribers } from "../../../src/domain/replies/subscribers.ts";
import { customerOf, NOW, replyContext } from "./reply-context.ts";

const CONTOSO = customerOf("Contoso");
const person = (email: string, customerId: string): Subscriber => {
  return { email, customerId, externalCustomerId: "", packages: [], status: "provisioned", problems: [] };
};

async function ask(command: Partial<SubscribersCommand>, rows: readonly Subscriber[], scope = "") {
  const context = replyContext({
    customers: [CONTOSO],
    subscribers: async () => ({ subscribers: rows, unreadable: 0, hasMore: true, readAt: NOW }),
  });
  const subpartners = async () => ({ list: [], readAt: NOW });
  const full: SubscribersCommand = { name: "subscribers", page: 1, ...command };
  const { view } = await replySubscribers(full, { ...context, scope, subpartners });
  if (view.kind !== "subscribers") throw new Error(`a ${view.kind}`);
  return view;
}

test("rows of another customer are not shown, because the API may ignore a filter", async () => {
  const rows = [person("ada@contoso.example", CONTOSO.id), person("eve@other.example", "other")];
  const view = await ask({ ref: { by: "id", value: CONTOSO.id } }, rows);
  expect(view).toMatchObject({
    title: "Subscribers of Contoso",
    notShown: 1,
    subscribers: [{ email: "ada@contoso.example" }],
  });
  expect(view.buttons.map(({ title }) => title)).toEqual(["Customer", "Next ›", "Refresh"]);
  expect(view.buttons[1]).toMatchObject({ typed: `subscribers ${CONTOSO.externalId} page=2` });
});

test("PRODUCT 5: in a bound space an address finds nobody of a customer that the space does not know as its own", async () => {
  const rows = [person("ada@contoso.example", CONTOSO.id), person("eve@other.example", "other")];
  const bound = await ask({ email: "a@b" }, rows, "north");
  expect(bound.subscribers).toMatchObject([{ email: "ada@contoso.example", customer: "Contoso" }]);
  expect(bound.notShown).toBe(1);
  expect((await ask({ email: "a@b" }, rows)).subscribers).toHaveLength(2);
});
