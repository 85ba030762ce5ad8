import { distance } from "fastest-levenshtein";
import { expect, test } from "vitest";
import { parse } from "../../../src/domain/commands/parse.ts";
import { replyCustomers } from "../../../src/domain/replies/customers.ts";
import { customerOf, replyContext } from "./reply-context.ts";

/** The notes, buttons and offer of a list that is asked for in words. */
async function asked(text: string, ...customers: readonly string[]) {
  const parsed = parse(text, { distance });
  if (!parsed.ok || parsed.command.name !== "customers") throw new Error(`“${text}” is no list`);
  const context = replyContext({ customers: customers.map((title) => customerOf(title)) });
  const { view, offer } = await replyCustomers(parsed.command, context);
  if (view.kind !== "customers") throw new Error("no list");
  return { notes: view.notes, buttons: view.buttons.map(({ title, command }) => `${title} -> ${command}`), offer };
}

test("a search says what was searched", async () => {
  expect((await asked("contoso", "Contoso")).notes).toEqual(["Searched names, IDs and cities for “contoso”."]);
  expect((await asked("errors", "Contoso")).notes).toEqual([]);
});

test("a search without a match offers what was probably meant, the rest without it, and help", async () => {
  const found = await asked("errors germny");
  expect(found.notes).toEqual(["Searched names, IDs and cities for “germny”: nothing."]);
  expect(found.buttons).toEqual([
    "Did you mean status=error,provisioned_with_errors country=DE? -> customers status=error,provisioned_with_errors country=DE",
    "Without the search -> customers status=error,provisioned_with_errors",
    "Filter -> find status=error,provisioned_with_errors germny",
    "Help -> help",
  ]);
  expect(found.offer).toBe("customers status=error,provisioned_with_errors country=DE");
});

test("a name that is nearly nothing else offers nothing", async () => {
  expect((await asked("xylofix")).buttons).toEqual(["Filter -> find xylofix", "Help -> help"]);
});
