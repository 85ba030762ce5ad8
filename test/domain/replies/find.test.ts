import fc from "fast-check";
import { distance } from "fastest-levenshtein";
import { expect, test } from "vitest";
import { formatFilter } from "../../../src/domain/commands/format.ts";
import { parse } from "../../../src/domain/commands/parse.ts";
import { CUSTOMER_STATUSES, PACKAGE_NAMES } from "../../../src/domain/customers/customer.ts";
import type { Filter, Term } from "../../../src/domain/customers/filter.ts";
import { replyFind } from "../../../src/domain/replies/find.ts";
import type { FindView } from "../../../src/domain/views/views.ts";
import { pressText } from "../../../src/webex/inbound.ts";
import { nodesOf, render } from "../../cards/read-card.ts";
import { anyTerm } from "../commands/arbitrary-parts.ts";

const formOf = (filter: Filter, more = false): FindView => {
  const { view } = replyFind({ name: "find", filter, more });
  if (view.kind !== "find") throw new Error("not a form");
  return view;
};

/** The command of a press, with what the form has in its inputs, but for those that were changed. */
function press(view: FindView, title: string, changed: Readonly<Record<string, string>> = {}) {
  const button = view.buttons.find((one) => one.title === title);
  const inputs = nodesOf(render(view).card).filter(({ id }) => id !== undefined);
  const values = Object.fromEntries(inputs.map(({ id = "", value = "" }) => [id, value]));
  const text = pressText({ command: button?.command, with: button?.inputs?.join(" "), ...values, ...changed });
  const parsed = parse(text, { distance });
  if (!parsed.ok) throw new Error(`${text}: ${parsed.problem}`);
  return parsed.command;
}

const termsOf = (command: object): readonly string[] =>
  "filter" in command ? (command.filter as Filter).map((term) => formatFilter([term])).toSorted() : [];

test("what is filled in becomes one command that could be typed", () => {
  const empty = formOf([]);
  expect(termsOf(press(empty, "Apply"))).toEqual([]);
  const filled = { text: "air france", status: "error", package: "webex_calling", country: "Germany" };
  expect(termsOf(press(empty, "Apply", { ...filled, "package.status[]": "error" }))).toEqual(
    ["country=DE", '"air france"', "package.status=error", "package=webex_calling", "status=error"].toSorted(),
  );
  expect(termsOf(press(empty, "Apply", { status: "error,provisioned_with_errors" }))).toEqual([
    "status=error,provisioned_with_errors",
  ]);
});

test("codes are an input of the form, and Export sends what is filled in as a file of all", () => {
  const code = (...values: readonly string[]): Term => ({
    field: "code",
    negated: false,
    values: values.map((text) => ({ text, prefix: false })),
  });
  const view = formOf([code("2560", "10022")]);
  expect(view).toMatchObject({ code: "2560, 10022", notes: [] });
  expect(termsOf(press(view, "Apply"))).toEqual(["code=2560,10022"]);
  expect(termsOf(press(view, "Apply", { "code[]": " 2560 ,92105, " }))).toEqual(["code=2560,92105"]);
  expect(termsOf(press(view, "Apply", { "code[]": "2560 92105" }))).toEqual(["code=2560,92105"]);
  expect(termsOf(press(view, "Apply", { "code[]": "" }))).toEqual([]);
  const exported = press(view, "Export", { country: "Germany" });
  expect([exported.name, ...termsOf(exported)]).toEqual(["export", "code=2560,10022", "country=DE"]);
  expect(press(formOf([code("2560")], true), "Export", { max: "20" })).toEqual({
    name: "export",
    filter: [code("2560")],
  });
  // As much as an input holds; longer values stay beside the form.
  const many = Array.from({ length: 40 }, (_, at) => String(200_000 + at));
  expect(formOf([code(...many)])).toMatchObject({ code: "", notes: [expect.stringContaining("code=200000,")] });
});

test("More keeps what was filled in, and adds the ids and the size of a page", () => {
  const more = press(formOf([]), "More", { text: "acme", country: "DE" });
  expect(more).toMatchObject({ name: "find", more: true });
  const view = formOf("filter" in more ? (more.filter as Filter) : [], true);
  expect(view).toMatchObject({ text: "acme", country: "DE", showsIds: true });
  expect(press(view, "Apply", { externalId: "ACME_01", max: "20" })).toMatchObject({ name: "customers", max: 20 });
  expect(view.buttons.map(({ title }) => title)).toEqual(["Apply", "Export", "Clear"]);
  expect(formOf([{ field: "externalId", negated: false, values: [{ text: "A", prefix: false }] }]).showsIds).toBe(true);
});

test("a button drops what the form cannot show, and keeps what was filled in", () => {
  const searched: Filter = ["acme", "hq"].map((text) => ({
    field: "text",
    negated: false,
    values: [{ text, prefix: false }],
  }));
  const view = formOf(searched);
  expect(view.notes).toEqual(["Also filtered by: acme hq."]);
  const without = press(view, "Without the search", { country: "Germany" });
  expect([without.name, ...termsOf(without)]).toEqual(["find", "country=DE"]);
  const city: Filter = [{ field: "city", negated: false, values: [{ text: "Lyon", prefix: false }] }];
  const titles = formOf([...searched, ...city]).buttons.map(({ title }) => title);
  expect(titles).toEqual(["Apply", "More", "Without other filters", "Export", "Clear"]);
  expect(formOf([]).buttons.map(({ title }) => title)).toEqual(["Apply", "More", "Export", "Clear"]);
});

const anyUsualTerm: fc.Arbitrary<Term> = fc
  .oneof(
    fc.record({ field: fc.constant("status"), text: fc.constantFrom(...CUSTOMER_STATUSES) }),
    fc.record({ field: fc.constant("package"), text: fc.constantFrom(...PACKAGE_NAMES) }),
    fc.record({ field: fc.constant("package.status"), text: fc.constantFrom("error", "provisioning") }),
    fc.record({ field: fc.constant("code"), text: fc.constantFrom("2560", "10022") }),
    fc.record({ field: fc.constant("country"), text: fc.constantFrom("DE", "US") }),
    fc.record({ field: fc.constant("text"), text: fc.constantFrom("acme", "air france", "status=error") }),
  )
  .map(({ field, text }) => ({ field: field as Term["field"], negated: false, values: [{ text, prefix: false }] }));

test("a form that is filled in with a filter, and applied or widened as it is, has the same filter", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(anyUsualTerm, anyTerm()), { maxLength: 4 }), fc.boolean(), (filter, more) => {
      const wanted = filter.map((term) => formatFilter([term])).toSorted();
      const view = formOf(filter, more);
      expect(termsOf(press(view, "Apply"))).toEqual(wanted);
      if (!view.showsIds) expect(termsOf(press(view, "More"))).toEqual(wanted);
    }),
  );
});
