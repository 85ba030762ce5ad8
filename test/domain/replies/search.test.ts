import { distance } from "fastest-levenshtein";
import { expect, test } from "vitest";
import { describeFilter } from "../../../src/domain/commands/format.ts";
import { parse } from "../../../src/domain/commands/parse.ts";
import { replyCustomer } from "../../../src/domain/replies/customer.ts";
import { replyCustomers } from "../../../src/domain/replies/customers.ts";
import { didYouMean } from "../../../src/domain/replies/error-views.ts";
import { render } from "../../cards/read-card.ts";
import { customerOf, NOW, replyContext } from "./reply-context.ts";

/** The notes, buttons and offer of a list that is asked for in words. */
async function asked(text: string, ...customers: readonly string[]) {
  const parsed = parse(text, { distance });
  if (!parsed.ok || parsed.command.name !== "customers") throw new Error(`“${text}” is no list`);
  const context = replyContext({ customers: customers.map((title) => customerOf(title)) });
  const { view, offer } = await replyCustomers(parsed.command, context);
  if (view.kind !== "customers") throw new Error("no list");
  return {
    view,
    notes: view.notes,
    buttons: view.buttons.map(({ title, command }) => `${title} -> ${command}`),
    offer,
  };
}

test("a search says what was searched", async () => {
  expect((await asked("contoso", "Contoso")).notes).toEqual(["Searched names, IDs and cities for “contoso”."]);
  expect((await asked("errors", "Contoso")).notes).toEqual([]);
});

test("a search without a match offers what was probably meant, the rest without it, and help", async () => {
  const found = await asked("errors germny");
  expect(found.notes).toEqual([]);
  expect(found.view.nothing).toBe("No customer that matches the rest has “germny” in its name, ID or city.");
  expect(found.buttons).toEqual([
    "Did you mean errors country=DE? -> customers status=error,provisioned_with_errors country=DE",
    "Without the search -> customers status=error,provisioned_with_errors",
    "Filter -> find status=error,provisioned_with_errors germny",
    "Help -> help",
  ]);
  expect(found.offer).toBe("customers status=error,provisioned_with_errors country=DE");
});

test("a search without a match says so in one sentence, and in the words as they were typed", async () => {
  for (const typed of ["fjord germany csv 8:00", "fjord 2560 calling"]) {
    const { view } = await asked(typed);
    const { card, text } = render(view);
    expect(text.startsWith(`Customers: ${typed} · `)).toBe(true);
    expect(text.split("\n")[1]).toBe(`No customer has “${typed}” in its name, ID or city.`);
    for (const form of [JSON.stringify(card), text]) expect(form).not.toMatch(/none ·|No customer matches|Searched/);
  }
});

test("a filter shows quotation marks only around several words", () => {
  const shown = (text: string) => {
    const parsed = parse(text, { distance });
    if (!parsed.ok || !("filter" in parsed.command)) throw new Error(`“${text}” has no filter`);
    return describeFilter(parsed.command.filter ?? []);
  };
  expect(shown('customers "germany" fjord')).toBe("germany fjord");
  expect(shown('customers "fjord textiles"')).toBe('"fjord textiles"');
  expect(shown("customers city=São Paulo status=error")).toBe("city=São Paulo status=error");
  expect(shown('customers city="São Paulo" acme')).toBe('city="São Paulo" acme');
  expect(shown('customers id="due" "a=b"')).toBe('externalId=due "a=b"');
});

test("a command that is offered shows no quotation marks that nobody typed", () => {
  const command = 'customers fjord "germany"';
  expect(didYouMean(command)).toEqual({ title: "Did you mean fjord germany?", command });
  const titleOf = (text: string) => didYouMean(text).title;
  expect(titleOf('mute fjord until="tomorrow 08:00" because="planned work"')).toBe(
    "Did you mean mute fjord until=tomorrow 08:00 because=planned work?",
  );
  expect(titleOf('ack 12 until="18:00" note="on it"')).toBe("Did you mean ack 12 until=18:00 note=on it?");
});

test("a name that is nearly nothing else offers nothing", async () => {
  expect((await asked("xylofix")).buttons).toEqual(["Filter -> find xylofix", "Help -> help"]);
});

test("a name in a sentence, or one with a slip, offers the customers whose name it may be", async () => {
  const names = ["Contoso Foods", "Fabrikam Foods", "Contoso Partners"];
  expect((await asked("contoso foods phoned and complained loudly", ...names)).offer).toBe("customers contoso foods");
  expect((await asked("harborligt partnrs", "Harborlight Partners")).offer).toBe("customers harbor partn");
  expect((await asked("fabrikam partners", ...names)).offer).toMatch(/^customers (?:fabrikam|partners)$/);
});

test("a question about a customer in other words offers its command", async () => {
  const { buttons } = await asked("has contoso fallen over previously", "Contoso");
  expect(buttons[0]).toBe("Did you mean history contoso? -> history contoso");
});

test("the name of no customer offers the command that it is a slip of, and the customers with some of its words", async () => {
  const shown = async (text: string) => {
    const parsed = parse(text, { distance });
    if (!parsed.ok || parsed.command.name !== "customer") throw new Error(`“${text}” is no customer`);
    const list = async () => ({ customers: [], hasMore: false, unreadable: 0, readAt: NOW });
    return (await replyCustomer(parsed.command, replyContext({ customers: [customerOf("Contoso")], list }))).offer;
  };
  expect(await shown("show alrets")).toBe("alerts");
  expect(await shown("show moi le client contoso")).toBe("customers contoso");
});

test("a list is exported by a button, where there is room for it beside those that turn it", async () => {
  const titles = async (text: string, count: number) => {
    const names = Array.from({ length: count }, (_, at) => `Contoso ${at}`);
    return (await asked(text, ...names)).buttons;
  };
  expect((await titles("errors package=meetings sort=name", 3)).at(-1)).toBe(
    "Export -> export package.status=error package=webex_meetings sort=name",
  );
  expect((await titles("errors package=meetings page=2", 30)).join()).not.toContain("Export");
  expect((await titles("errors package=calling", 3)).join()).not.toContain("Export");
});

test("a list of those in error says how many more have a package in error, and offers them as well", async () => {
  const found = await asked("customers status=error package=meetings", "Contoso", "Fabrikam");
  expect(found.notes).toEqual(["2 more are provisioned with errors: a package is in error, not the customer itself."]);
  expect(found.buttons).toContain(
    "These as well -> customers status=error,provisioned_with_errors package=webex_meetings",
  );
  expect((await asked("customers status=error package=calling", "Contoso")).notes).toEqual([]);
  expect((await asked("errors package=meetings", "Contoso")).notes).toEqual([]);
  // The copy of the bot does not know the customers of a sub-partner by itself.
  expect((await asked("customers status=error subpartner=acme", "Contoso")).notes).toEqual([]);
});
