import { distance } from "fastest-levenshtein";
import { expect, test } from "vitest";
import { commandLines } from "../../src/cards/elements.ts";
import { parse } from "../../src/domain/commands/parse.ts";
import { customerButton } from "../../src/domain/views/customer-button.ts";

const ID = "Y2lzY29zcGFyazovL3VzL0VOVEVSUFJJU0UvMDc1MDdjZTgtNzg3YS00M2ExLTg1OTMtNjUwNjY0YWI0MmFm";

test("a button names its customer by the id, and a plain text by what people can type", () => {
  const button = customerButton("History", { id: ID, externalId: "MV-000105" }, "history");
  expect(button.command).toBe(`history customer=${ID}`);
  expect(commandLines([button])).toEqual(["History: history MV-000105"]);
  const fresh = customerButton("Refresh", { id: ID, externalId: "a b" }, "customer", { fresh: true });
  expect(commandLines([fresh])).toEqual(['Refresh: customer "a b" fresh=yes']);
});

test("without an external id the plain text has the id", () => {
  expect(commandLines([customerButton("Follow", { id: ID }, "follow")])).toEqual([`Follow: follow customer=${ID}`]);
});

test.each(["16", "MV-000105", "acme:42", "in error", "Ä “x”", "id=7"])(
  "what is typed for %s means that external id",
  (externalId) => {
    const { typed = "" } = customerButton("Open", { id: ID, externalId }, "customer");
    expect(parse(typed, { distance })).toMatchObject({
      ok: true,
      command: { name: "customer", ref: { by: "any", value: externalId } },
    });
  },
);
