// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are placeholders of the card language

import { expect, test } from "vitest";
import { PACKAGE_NAMES } from "../../src/domain/customers/customer.ts";
import type { View } from "../../src/domain/views/views.ts";
import {
  addOn,
  customer,
  customersView,
  customerView,
  emailTaken,
  FIRST_SWEEP,
  historyView,
  LIST_BUTTONS,
  maintenance,
  packageOf,
  READ_AT,
  subpartnersView,
  summaryView,
  transitionOf,
} from "./card-fixtures.ts";
import { cardReader, expectFit, render } from "./read-card.ts";

const { textsOf, readable, bothForms } = cardReader("text");

test("a list from the snapshot says its total, for whom, and its age", () => {
  const view = customersView({
    customers: [customer(), customer()],
    total: 4_200,
    subpartner: "Acme Reseller",
    freshness: { source: "snapshot", readAt: READ_AT - 40_000, now: READ_AT },
  });
  for (const form of bothForms(view))
    expect(form).toContain("11–12 of 4,200 · status=error · for Acme Reseller · as of 40 s ago, complete (");
});

test("before the first reading is through, an empty list does not say that nobody matches", () => {
  for (const form of bothForms(customersView({ page: 1, freshness: FIRST_SWEEP }))) {
    expect(form).toContain("first reading in progress: 4,200 customers read so far");
    expect(form).toContain("No customer that was read so far matches.");
  }
  const some = customersView({ customers: [customer()], total: 13, freshness: FIRST_SWEEP });
  for (const form of bothForms(some)) expect(form).toContain("11 of 13 so far");
});

test("a row of fifty still shows both names: its own, and the external id", () => {
  const customers = Array.from({ length: 50 }, (_, i) => customer({ name: `Acme ${i}`, externalId: `EXT_${i}` }));
  const view = customersView({ customers, firstRow: 1, buttons: LIST_BUTTONS });
  for (const form of bothForms(view)) for (const words of ["Acme 49", "EXT_49"]) expect(form).toContain(words);
});

test("unhealthy items show since when the bot has seen their status, healthy ones do not", () => {
  const at = Date.UTC(2026, 10, 20, 14, 2);
  const packages = [packageOf("webex_calling", "error"), packageOf("webex_suite"), packageOf("constructor", "error")];
  const addOns = [addOn("error")];
  const since = { "*": at, webex_calling: at, webex_suite: at, meetings_toll_dialin: at };
  const view = customerView(customer({ status: "error", packages, addOns }), { since });
  expect(render(view).text).toContain("Error since 20 Nov, 14:02 UTC\n");
  expect(render(view).text).toContain("✕ Error: Calling since 20 Nov, 14:02 UTC");
  expect(
    readable(view).match(/\{\{DATE\(2026-11-20T14:02:00Z, SHORT\)\}\} \{\{TIME\(2026-11-20T14:02:00Z\)\}\}/g),
  ).toHaveLength(2);
});

test("a customer says once what each known code means and whose turn it is, in the words of an alert", () => {
  const view = customerView(
    customer({
      packages: [
        packageOf("webex_calling", "error", maintenance, maintenance),
        packageOf("webex_meetings", "error", emailTaken, { level: "error", code: 777, text: "Unheard of." }),
        packageOf("webex_suite", "provisioned", maintenance),
      ],
    }),
  );
  for (const form of bothForms(view)) {
    expect(form).toContain(maintenance.text);
    expect(form.split("Webex Calling is under maintenance, so provisioning could not start.")).toHaveLength(2);
    expect(form.match(/Cisco’s turn/g)).toHaveLength(1);
    expect(form).toContain("The e-mail address belongs to a user that exists already, in another organisation.");
    expect(form.match(/Your turn/g)).toHaveLength(1);
  }
});

test("a summary puts the worst first, and has words beside its coloured bars", () => {
  const shown = readable(summaryView);
  expect(shown.indexOf("✕ Error")).toBeLessThan(shown.indexOf("✓ Provisioned"));
  expect(shown.indexOf("✕ Calling")).toBeLessThan(shown.indexOf("✕ Meetings"));
  expect(shown).toContain("✕ Calling\n██\n█\n█████████\n12 error, 3 pending of 85");
  expect(render(summaryView).text).toContain("✕ Calling: 12 in error, 3 in progress, 70 provisioned");
});

test("a summary shows the first of many, and how many that leaves", () => {
  const byCode = Array.from({ length: 11 }, (_, i) => ({ value: String(2_560 + i), customers: 20 - i }));
  const view = { ...summaryView, summary: { ...summaryView.summary, byCode } };
  expect(readable(view)).toContain("13\nand 3 more");
});

test("a history of all names its customers; that of one does not", () => {
  expect(readable(historyView)).toContain("Wide World Importers  \nCalling  \nProvisioned → \n✕ Error (2560)");
  const one = { ...historyView, title: "Wide World Importers", transitions: [transitionOf()] };
  expect(render(one).text).toContain("\n23 Nov, 14:02 UTC: Calling: Provisioned → ✕ Error (2560)\n");
});

test("changes of the same minute share one time", () => {
  const transitions = [
    transitionOf(),
    transitionOf({ at: transitionOf().at - 4_000 }),
    transitionOf({ at: transitionOf().at - 60_000 }),
  ];
  const shown = readable({ ...historyView, transitions });
  expect(shown.match(/DATE\(2026-11-23T14:0/g)).toHaveLength(2);
});

test("a history that is too long says how much it leaves out", () => {
  const transitions = Array.from({ length: 200 }, (_, i) => transitionOf({ at: READ_AT - i * 60_000 }));
  const view = { ...historyView, transitions, hasMore: false };
  expectFit(view);
  expect(readable(view)).toMatch(/and 1\d\d more/);
  expect(render(view).text).toMatch(/and 1\d\d more/);
});

test("sub-partners: the bound one first, two of one name distinguished, one without a name by its id", () => {
  const shown = readable(subpartnersView);
  expect(shown).toContain("this space sees only Acme Reseller");
  expect(shown.indexOf("✓ Active")).toBeLessThan(shown.indexOf("! Suspended"));
  for (const { orgId } of subpartnersView.subpartners.filter(({ isBound }) => !isBound))
    for (const form of [shown, render(subpartnersView).text]) expect(form).toContain(orgId);
});

test.each(["W", "名", '"', "😀", "**[x](y)**", "<@all>", "${a}{{TIME(1.5Z)}}", "\u202e\u200b", "constructor"])(
  "the largest views written in %j fit, and leave no markup",
  (letter) => {
    const long = letter.repeat(400);
    const customers = 100_000;
    const views: readonly View[] = [
      {
        ...summaryView,
        filter: long,
        subpartner: long,
        notes: [long],
        summary: {
          total: customers,
          byStatus: Array.from({ length: 40 }, (_, i) => ({ value: `${i}${long}`, customers })),
          byPackage: [...PACKAGE_NAMES, long, ""].map((name) => ({ name, bad: 1, moving: 2, good: customers })),
          byCode: Array.from({ length: 20 }, () => ({ value: long, customers })),
        },
      },
      {
        ...historyView,
        subpartner: long,
        transitions: Array.from({ length: 300 }, (_, i) =>
          transitionOf({
            title: long,
            item: i % 2 ? `addon:${long}` : long,
            from: long,
            to: long,
            codes: [1, 2, 3],
            at: READ_AT - i * 60_000,
          }),
        ),
      },
      { ...historyView, title: long, transitions: [] },
      {
        ...subpartnersView,
        subpartners: Array.from({ length: 300 }, (_, i) => ({
          orgId: long,
          name: i % 2 ? long : "",
          state: long,
          isBound: i === 7,
        })),
      },
    ];
    for (const view of views) {
      expectFit(view);
      for (const shown of [...textsOf(view), render(view).text])
        expect(shown).not.toMatch(/[<>*`[\]]|\$\{|[\u202a-\u202e]|\{\{(?!(?:TIME|DATE)\(20)/u);
    }
  },
);
