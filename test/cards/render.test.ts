// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are placeholders of the card language
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { createRender } from "../../src/cards/render.ts";
import { type Customer, PACKAGE_NAMES, type Problem } from "../../src/domain/customers/customer.ts";
import type { View } from "../../src/domain/views/views.ts";
import { alertOf } from "../support/alert-fixtures.ts";
import { CODES } from "../support/codes.ts";
import { propertyRuns } from "../support/property-runs.ts";
import {
  addOn,
  customer,
  customersView,
  customerView,
  emailTaken,
  findView,
  helpView,
  LIST_BUTTONS,
  maintenance,
  noticeView,
  packageOf,
  READ_AT,
  seedCustomer,
} from "./card-fixtures.ts";
import { cardReader, expectFit, nodesOf, render } from "./read-card.ts";

const { textsOf, readable, bothForms } = cardReader("text");
const inputOf = (view: View, id: string) => nodesOf(render(view).card).find((node) => node.id === id);

describe("the API page's own example", () => {
  const view = customerView(seedCustomer());

  test("shows its status, the package in error with code and reason, and its add-on", () => {
    const shown = readable(view);
    for (const words of [
      "! Provisioned with errors",
      "✕ 1 in error",
      "✓ 5 OK",
      "Calling\n✕ Error\n2560  \nWarning: One or more Webex Calling services are unavailable due to maintenance",
      "Toll dial-in\n✓ Provisioned",
      "771 Alder Drive, Cisco Site 5, Milpitas, CA 95035, US",
    ])
      expect(shown).toContain(words);
  });

  test("says the same as a text, with every id to the letter", () => {
    const { text } = render(view);
    const { id, orgId, externalId } = seedCustomer();
    for (const words of ["2560", "Calling", "Provisioned with errors", "Toll dial-in", "15:00 UTC"])
      expect(text).toContain(words);
    for (const one of [id, orgId ?? "", externalId ?? ""]) {
      expect(text).toContain(one);
      expect(textsOf(view)).toContain(one);
    }
  });

  test("is a row of a list that names the package and the code", () => {
    expect(readable(customersView({ customers: [seedCustomer()] }))).toContain("✕ Error: Calling (2560)");
  });
});

describe("a list", () => {
  test("numbers its rows from where the page begins, and says no total that nobody knows", () => {
    const customers = [customer(), customer(), customer()];
    expect(readable(customersView({ customers, firstRow: 21 }))).toContain(
      "21–23 · status=error · live, {{TIME(2026-11-23T15:00:00Z)}}",
    );
    expect(readable(customersView({ customers, hasMore: true, filter: "" }))).toContain(
      "11–13, more follow · all customers · live",
    );
    expect(readable(customersView({ customers: [customer()] }))).toContain("11 · status=error");
  });

  test("offers its rows to open, by number, name and the worst of each", () => {
    const customers = [
      customer({ id: "one", name: "Acme", packages: [packageOf("webex_suite")] }),
      customer({ id: "two", packages: [packageOf("webex_suite", "error")] }),
    ];
    expect(inputOf(customersView({ customers }), "customer")?.choices).toEqual([
      { title: "11. Acme — Provisioned", value: "one" },
      { title: "12. ACME_01 — Error", value: "two" },
    ]);
  });

  test("shows the external id beside a name, and not twice", () => {
    const named = customersView({ customers: [customer({ name: "Acme" })] });
    expect(readable(named)).toContain("Denver, US · ACME_01");
    expect(
      textsOf(customersView({ customers: [customer()] }))
        .join()
        .match(/ACME_01/g),
    ).toHaveLength(1);
  });

  test("without rows says so kindly, and has nothing to open", () => {
    const view = customersView({ page: 1, firstRow: 1, buttons: LIST_BUTTONS });
    expect(readable(view)).toContain("No customer matches.");
    expect(inputOf(view, "customer")).toBeUndefined();
    expect(JSON.stringify(expectFit(view).card)).not.toContain('"Open"');
    expect(readable(customersView({ page: 4 }))).toContain("Page 4 is empty");
    expect(readable(customersView({ page: 1, filter: "" }))).toContain("There are no customers yet.");
  });

  test("counts the rows that could not be read, in both forms", () => {
    const view = customersView({ unreadable: 2 });
    expect(readable(view)).toContain("! 2 rows could not be read and are not shown.");
    expect(render(view).text).toContain("2 rows could not be read and are not shown.");
    expect(readable(view)).not.toContain("No customer matches");
  });

  test("of fifty in error keeps the picker, a whole UUID and the code of each, on one line a row", () => {
    const uuid = (i: number) => `c1677a16-557a-4fb4-b48f-24adde57ec${i}`;
    const customers = Array.from({ length: 50 }, (_, i) =>
      customer({
        id: `Y2lzY29zcGFyazovL3VzL0VOVEVSUFJJU0UvNTJjZjU3NmQtNjBhOC00MDdhLWIyMmMtNDY3YzUxNTkxOTA${i}`,
        externalId: uuid(i + 10),
        packages: [
          packageOf("webex_calling", "error", maintenance),
          ...PACKAGE_NAMES.slice(2).map((name) => packageOf(name)),
        ],
      }),
    );
    const view = customersView({ customers, firstRow: 1, buttons: LIST_BUTTONS });
    expectFit(view);
    expect(inputOf(view, "customer")?.choices).toHaveLength(50);
    for (const form of bothForms(view)) {
      expect(form.match(/✕.Calling.\(2560\)/g)).toHaveLength(50);
      expect(form.match(/Error/g)).toHaveLength(1);
      expect(form).toContain(uuid(59));
    }
  });

  test("says that all its rows are in error once, above them, and only where all are", () => {
    const broken = customer({ packages: [packageOf("webex_voice", "error", emailTaken)] });
    const own = customer({ status: "error", problems: [emailTaken] });
    const ofTwo = (...customers: readonly Customer[]) => bothForms(customersView({ customers, buttons: LIST_BUTTONS }));
    for (const form of ofTwo(broken, own)) {
      expect(form.match(/Error/g)).toHaveLength(1);
      expect(form.replaceAll("\u00a0", " ")).toMatch(
        /✕ Error: all of these\n[\s\S]*✕ Voice \(10022\)\n[\s\S]*✕ Customer \(10022\)/,
      );
    }
    for (const form of [...ofTwo(broken, customer()), ...ofTwo(broken)]) {
      expect(form).not.toContain("all of these");
      expect(form.replaceAll("\u00a0", " ")).toContain("✕ Error: Voice (10022)");
    }
  });
});

test("a button is a command; only one that takes inputs sends them", () => {
  const { card } = render(customersView({ customers: [customer()], buttons: LIST_BUTTONS.slice(0, 3) }));
  const submit = { type: "Action.Submit", style: "default", associatedInputs: "none" };
  expect(card.actions).toEqual([
    {
      ...submit,
      title: "Open",
      style: "positive",
      associatedInputs: "auto",
      data: { command: "customer", with: "customer" },
    },
    { ...submit, title: "‹ Prev", data: { command: "customers status=error page=1", with: "" } },
    { ...submit, title: "Next ›", data: { command: "customers status=error page=3", with: "" } },
  ]);
});

test("a customer in error that nothing explains says that there is no reason", () => {
  const view = customerView(customer({ status: "error", packages: [packageOf("webex_suite")] }));
  expect(readable(view)).toContain("Customer\n✕ Error\nThe API gives no reason.");
  expect(render(view).text).toContain("✕ Error: Customer — The API gives no reason.");
});

test("problems of every level show: of the customer, a package and an add-on, errors and warnings", () => {
  const warning: Problem = { level: "warning", code: 77, text: "Something to know." };
  const view = customerView(
    customer({
      status: "error",
      problems: [{ level: "error", code: 1, text: "Own error." }, warning],
      packages: [
        packageOf("webex_calling", "error", emailTaken, maintenance),
        packageOf("webex_suite", "provisioned", warning),
      ],
      addOns: [addOn("error", { level: "error", text: "" }), addOn("provisioned", warning)],
    }),
  );
  for (const form of bothForms(view))
    for (const words of ["Own error.", "Warning: Something to know.", emailTaken.text, "10022", "no description given"])
      expect(form).toContain(words);
  for (const form of bothForms(view)) expect(form.match(/Something to know/g)).toHaveLength(1);
  expect(readable(view)).toContain("Suite, Toll dial-in\n! Warning\n77  \nWarning: Something to know.");
});

test("packages with one status and one reason share a line, and the customer does not repeat it", () => {
  const broken = ["webex_calling", "webex_suite"].map((name) => packageOf(name, "error", emailTaken));
  const one = customer({
    status: "error",
    problems: [emailTaken],
    packages: [...broken, packageOf("webex_voice", "error")],
  });
  const view = customerView(one);
  const meaning = "The e-mail address belongs to a user that exists already, in another organisation.";
  expect(readable(view)).toContain(
    `\nCalling, Suite\n✕ Error\n10022  \n${emailTaken.text}\n${meaning}\n  Your turn\nVoice\n✕ Error\nThe API gives`,
  );
  for (const form of bothForms(view)) expect(form.match(/already associated/g)).toHaveLength(1);
  const since = { webex_calling: READ_AT, webex_suite: READ_AT - 120_000 };
  expect(readable(customerView(one, { since }))).toMatch(/\nCalling\n[\s\S]*\nSuite\n/);
});

test("a customer's card has an address only where it says more than the place in its head", () => {
  const of = (address: Customer["address"]) => bothForms(customerView(customer({ name: "Acme", address })));
  for (const form of of({ city: "Lyon", country: "FR" })) expect(form.match(/Lyon/g)).toHaveLength(1);
  for (const form of of({ line1: "12 rue X", city: "Lyon", country: "FR" }))
    expect(form).toContain("12 rue X, Lyon, FR");
});

test("a customer's card has each id once", () => {
  const [id, externalId] = ["Y2lzY29zcGFyazovL3VzL0VOVEVSUFJJU0UvMQ", "ACME_01"];
  for (const name of ["Acme", undefined])
    for (const form of bothForms(customerView(customer({ ...(name && { name }) }))))
      for (const one of [id, externalId]) expect(form.split(one)).toHaveLength(2);
});

test("the form is filled in with what was asked, letter by letter, and offers a size of its own", () => {
  const view: View = { ...findView, externalId: "**A** <b>", max: 17 };
  expect(inputOf(view, "externalId")?.value).toBe("**A** <b>");
  expect(inputOf(view, "status")).toMatchObject({ value: "error,provisioned_with_errors", style: "compact" });
  expect(inputOf(view, "status")?.choices?.slice(0, 2)).toEqual([
    { title: "Any", value: "*" },
    { title: "With problems", value: "error,provisioned_with_errors" },
  ]);
  expect(inputOf(view, "package.status[]")?.value).toBe("error");
  expect(inputOf({ ...findView, status: [], showsIds: false }, "status")?.value).toBe("*");
  expect(inputOf({ ...findView, showsIds: false }, "externalId")).toBeUndefined();
  expect(inputOf(view, "max")?.choices?.map(({ value }) => value)).toEqual(["5", "10", "17", "20", "50"]);
});

describe("a hostile name", () => {
  const names: readonly (readonly [string, string])[] = [
    ["markdown", "**bold** _it_ `code` ~~gone~~ # head"],
    ["mentions and HTML", "<@all> <@personEmail:a@b.example|Boss> <b>x</b>"],
    ["links", "[click](javascript:alert(1)) ![](https://e.example/x.png)"],
    ["tricks of direction", "\u202eevil\u2066\u200b\u0000\ud800"],
    ["template language", "${secret} {{TIME(2026-11-23T15:00:00.123Z)}} undefined NaN [object Object]"],
    ["nothing that is seen", "\u200b"],
    ["no letters", "1. - + | = 42"],
    ["5,000 letters", "W".repeat(5_000)],
    ["5,000 wide letters", "名".repeat(5_000)],
    ["quotes and backslashes", '"\\"'.repeat(500)],
  ];
  const everywhere = (name: string): readonly View[] => {
    const problem = { level: "error", code: 1, text: name } as const;
    const cut = name.slice(0, 200);
    const one: Customer = {
      id: name,
      orgId: name,
      externalId: name,
      name,
      address: { line1: name, line2: name, city: name, state: name, zip: name, country: name },
      status: name,
      packages: [
        { name, status: name, problems: [problem] },
        { name, status: "error", problems: [problem] },
      ],
      addOns: [{ name, status: name, problems: [problem] }],
      problems: [problem],
    };
    return [
      customersView({ customers: [one, { ...one, name: "Acme" }], filter: name, notes: [name] }),
      customerView(one, { notes: [name] }),
      { ...findView, notes: [name], text: cut, statuses: [[cut]], packages: [[cut, "Acme"]] },
      { ...helpView, title: name || "x", lines: [name], topics: [{ usage: name, does: name }] },
      { ...noticeView, title: name, lines: [name], facts: [{ title: name, value: name }] },
    ];
  };
  const ACTIVE = /[<>*`\\[\]]|~~|\$\{|(?!\n)[\p{Cc}\u202a-\u202e\u2066-\u2069]|\{\{(?!TIME\(2026-11-23T15:00:00Z\))/u;

  test.each(names)("of %s leaves no markup, no mention and no trick anywhere", (_, name) => {
    for (const view of everywhere(name)) {
      const { text } = expectFit(view);
      expect(text).not.toMatch(ACTIVE);
      for (const shown of textsOf(view)) expect(shown).not.toMatch(ACTIVE);
    }
  });

  test("of any kind does no better", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 40 }), (name) => {
        for (const view of everywhere(name)) expect(expectFit(view).text).not.toMatch(ACTIVE);
      }),
      propertyRuns(20),
    );
  });

  test("does not reach the id behind it: the picker sends what the API gave", () => {
    const view = customersView({ customers: [customer({ id: "a<b>*c*" })] });
    expect(inputOf(view, "customer")?.choices?.[0]?.value).toBe("a<b>*c*");
  });
});

describe("the worst case still fits", () => {
  const long = (letter: string): Problem => ({ level: "error", code: 200_042, text: letter.repeat(500) });
  const sick = (i: number, letter: string): Customer =>
    customer({
      id: `Y2lzY29zcGFyazovL3VzL0VOVEVSUFJJU0UvNTJjZjU3NmQtNjBhOC00MDdhLWIyMmMtNDY3YzUxNTkxOTA${i}`,
      name: letter.repeat(200),
      externalId: `c1677a16-557a-4fb4-b48f-24adde57ec${i}`,
      status: "error",
      problems: [long(letter), maintenance],
      packages: PACKAGE_NAMES.map((name) =>
        packageOf(name, "error", long(letter), long(letter), emailTaken, maintenance),
      ),
      addOns: [addOn("error", long(letter))],
    });

  test.each(["W", "名", '"', "😀"])("fifty customers, all packages in error, written in %s", (letter) => {
    const customers = Array.from({ length: 50 }, (_, i) => sick(i + 10, letter));
    const { text } = expectFit(customersView({ customers, firstRow: 1, hasMore: true, buttons: LIST_BUTTONS }));
    expect(text).toContain("50. ");
    expect(text).toContain("Next: customers status=error page=3");
    expect(text).toContain("Error");
  });

  test.each(["W", "名", '"', "😀"])("one customer, all packages in error, written in %s", (letter) => {
    const view = customerView(sick(10, letter), { buttons: LIST_BUTTONS.slice(1) });
    expectFit(view);
    for (const form of bothForms(view)) {
      expect(form).toContain("AI Agent");
      expect(form).toContain("200042");
    }
  });

  test("a customer with hundreds of packages, and a notice and a help of hundreds of lines", () => {
    const many = Array.from({ length: 300 }, (_, i) => `Line ${i} ${"x".repeat(500)}`);
    expectFit(customerView(customer({ packages: many.map((name) => packageOf(name, "error", long("名"))) })));
    expectFit({ ...noticeView, lines: many, facts: many.map((value) => ({ title: value, value })) });
    expectFit({ ...helpView, topics: many.map((does) => ({ usage: does, does })) });
  });
});

test.each(["x", "名", '"'])(
  "as much of a customer as is read, written in %s, fits with an alert for each package",
  (letter) => {
    const filled = (length: number) => letter.repeat(length);
    const names = Array.from({ length: 200 }, (_, at) => `${at} ${filled(508)}`);
    const problems = Array.from({ length: 21 }, (_, code): Problem => ({ level: "error", code, text: filled(500) }));
    const address = {
      line1: filled(500),
      line2: filled(500),
      city: filled(500),
      state: filled(500),
      zip: filled(500),
      country: filled(500),
    };
    const subject = customer({
      id: filled(512),
      orgId: filled(500),
      externalId: filled(500),
      status: filled(500),
      address,
      problems,
      packages: names.map((name) => packageOf(name, "error", ...problems)),
    });
    const alerts = names.map((item, at) => alertOf({ id: at, key: { ...alertOf().key, item }, subject }));
    expectFit(customerView(subject, { alerts, buttons: LIST_BUTTONS.slice(1) }));
  },
);

describe("a broken card stops the start, with its file and the place in it", () => {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
  });
  const withFile = (name: string, content: string) => {
    const folder = mkdtempSync(join(tmpdir(), "cards-"));
    folders.push(folder);
    cpSync("cards", folder, { recursive: true });
    writeFileSync(join(folder, name), content);
    return () => createRender(folder, CODES);
  };
  const help = (text: string) =>
    JSON.stringify({ type: "AdaptiveCard", version: "1.3", body: [{ type: "TextBlock", text, wrap: true }] });

  test.each([
    ["JSON that is none", "help.json", "{", /help\.json: .*JSON/],
    ["a placeholder that is none", "help.json", help("${a b}"), /help\.json: card\.body\[0\]\.text: .* is not a path/],
    [
      "a value that the sample has not",
      "help.json",
      help("${nothing}"),
      /help\.json: card\.body\[0\]\.text: nothing is missing/,
    ],
    [
      "an element that Webex does not draw",
      "find.json",
      '{"type":"AdaptiveCard","version":"1.3","body":[{"type":"Media"}]}',
      /find\.json: card\.body\[0\]: Webex draws no element/,
    ],
    ["sample data that is a list", "notice.data.json", "[]", /notice\.data\.json: is not a JSON object/],
  ])("%s", (_, file, content, message) => {
    expect(withFile(file, content)).toThrow(message);
  });

  test("as does one that is not there", () => {
    expect(() => createRender("no-such-folder", CODES)).toThrow(/no-such-folder.customers\.json: ENOENT/);
  });
});
