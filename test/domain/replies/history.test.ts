import { expect, test } from "vitest";
import type { Transition } from "../../../src/domain/customers/transition.ts";
import { replyChanges, replyHistory } from "../../../src/domain/replies/history.ts";
import type { Reply } from "../../../src/domain/replies/reply.ts";
import { render } from "../../cards/read-card.ts";
import { DAY, MINUTE } from "../../support/time.ts";
import { customerOf, NOW, replyContext } from "./reply-context.ts";

const changeOf = (title: string, age: number, parts: Partial<Transition> = {}): Transition => ({
  customerId: title,
  title,
  item: "webex_meetings",
  at: NOW - age * MINUTE,
  from: "provisioned",
  to: "error",
  codes: [],
  ...parts,
});

/** To and fro, newest first: the newest is an error. */
const toAndFro = (title: string, count: number, age = 10): readonly Transition[] =>
  Array.from({ length: count }, (_, at) =>
    changeOf(title, age * (at + 1), at % 2 === 0 ? {} : { from: "error", to: "provisioned" }),
  );

const linesOf = ({ view }: Reply) => render(view).text.split("\n");
const changes = (...history: readonly Transition[]) =>
  replyChanges({ name: "changes", since: DAY }, replyContext({ history, customers: [customerOf("Contoso")] }));

test("more than three changes of one package are one line, at the time of the last", async () => {
  const found = linesOf(await changes(...toAndFro("Contoso", 6), changeOf("Fabrikam", 90)));
  expect(found[0]).toMatch(/^Changes: 7 changes · /);
  expect(found.slice(1, 3)).toEqual([
    "23 Nov, 14:50 UTC: Contoso · Meetings: Error → Provisioned → ✕ Error, 6 changes in 50 min",
    "23 Nov, 13:30 UTC: Fabrikam · Meetings: Provisioned → ✕ Error",
  ]);
});

test("three changes of one package, and those of several, are lines of their own", async () => {
  const three = toAndFro("Contoso", 3);
  const others = [changeOf("Contoso", 40, { item: "webex_suite" }), changeOf("Fabrikam", 50)];
  expect(linesOf(await changes(...three, ...others)).filter((line) => line.includes("→"))).toHaveLength(5);
});

test("a package that flaps hides no other change, and older ones are said to be left out", async () => {
  const flapping = toAndFro("Contoso", 150, 1);
  const others = Array.from({ length: 19 }, (_, at) => changeOf(`Customer ${at}`, 200 + at));
  const all = linesOf(await changes(...flapping, ...others));
  expect(all[0]).toMatch(/^Changes: 169 changes · /);
  expect(all.filter((line) => line.includes("→"))).toHaveLength(20);
  const more = linesOf(await changes(...flapping, ...others, changeOf("One more", 300)));
  expect(more[0]).toMatch(/^Changes: the last 169 changes · /);
  expect(more).toContain("Older changes are not shown.");
  const endless = linesOf(await changes(...toAndFro("Contoso", 300, 1)));
  expect(endless[0]).toMatch(/^Changes: the last 200 changes · /);
});

test("the history of one customer has a line for each change", async () => {
  const context = replyContext({ history: toAndFro("Contoso", 6), customers: [customerOf("Contoso")] });
  const ref = { by: "any", value: "Contoso" } as const;
  const found = linesOf(await replyHistory({ name: "history", ref }, context));
  expect(found.filter((line) => line.includes("→"))).toHaveLength(6);
});
