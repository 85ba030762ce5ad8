import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readMessage } from "./oracle/read-message.ts";

const read = (name: string) =>
  readMessage(readFileSync(new URL(`../fixtures/golden/${name}.txt`, import.meta.url), "utf8").trimEnd());

test.each([
  ["alert-opened", "single", "open"],
  ["alert-acked", "single", "open"],
  ["alert-hostile", "single", "open"],
  ["alert-whole", "single", "open"],
  ["alert-late", "single", "open"],
  ["alert-was-muted", "single", "open"],
  ["alert-repeat", "single", "open"],
  ["alert-flapping-end", "single", "open"],
  ["alert-reopened", "single", "re-opened"],
  ["alert-retry-failed", "single", "retry-failed"],
  ["alert-retrying", "single", "retrying"],
  ["alert-healing", "single", "recovering"],
  ["alert-failed-again", "single", "recovered"],
  ["alert-flapping", "single", "flapping"],
  ["alert-recovered", "single", "recovered"],
  ["alert-removed", "single", "removed"],
  ["alert-stuck", "single", "other"],
  ["alert-warnings", "single", "other"],
  ["alert-reminder", "reminder", "open"],
  ["alert-escalated", "escalation", "open"],
])("%s is a message of the form %s that claims %s", (name, form, claim) => {
  const { statements, unread, ...message } = read(name);
  expect({ form: message.form, claims: statements.map((one) => one.claim), unread }).toEqual({
    form,
    claims: [claim],
    unread: [],
  });
});

test("a single alert has names, a number, codes and a time", () => {
  expect(read("alert-acked").statements[0]).toMatchObject({
    customer: "Contoso Health",
    item: "Meetings",
    alert: 1042,
    codes: ["200016"],
    since: "23 Nov, 14:58 UTC",
  });
  expect(read("alert-whole").statements[0]).toMatchObject({ item: "Customer", codes: ["10022", "200016"] });
  expect(read("alert-repeat").isRepeat).toBe(true);
  expect(read("alert-reminder").statements[0]?.isReminder).toBe(true);
  expect(read("alert-reminder").open).toBe(1);
});

test("an alert that flaps has how it was seen last", () => {
  expect(read("alert-flapping").statements[0]).toMatchObject({ claim: "flapping", lastSeen: "bad" });
});

test("an alert that ended has what its package is now", () => {
  const line = (words: string) => `${words}: Acme · Calling · after 35 min · alert 27`;
  const { statements, unread } = readMessage(
    [
      line("✕ Recovered, now in error again"),
      line("… Recovered, now Provisioning"),
      line("Removed while in error, now Provisioned"),
    ].join("\n"),
  );
  expect(unread).toEqual([]);
  expect(statements).toMatchObject([
    { claim: "recovered", lastSeen: "bad", customer: "Acme", alert: 27 },
    { claim: "recovered", lastSeen: "moving" },
    { claim: "removed", lastSeen: "good" },
  ]);
});

test("what came and went and has no line is counted by code", () => {
  const lines = ["! 2 packages flapping", "And 28 more came and went: code 10022 ×27, without a code ×1"];
  expect(readMessage(lines.join("\n")).passed).toEqual(["10022", ""]);
});

test("a drill says nothing of the world", () => {
  expect(read("alert-drill")).toMatchObject({ form: "other", statements: [] });
});

test("rows of a group have the code and the time of their heading", () => {
  const { statements, form } = read("alerts");
  expect(form).toBe("group");
  expect(statements.map(({ alert, claim, codes, since }) => ({ alert, claim, codes, since }))).toEqual([
    { alert: 1042, claim: "open", codes: ["2560"], since: "14:58 UTC" },
    { alert: 1043, claim: "open", codes: ["2560"], since: "14:58 UTC" },
    { alert: 1044, claim: "retrying", codes: ["2560"], since: "14:58 UTC" },
    { alert: 1045, claim: "open", codes: ["200016", "10022"], since: "22 Nov, 12:58 UTC" },
  ]);
});

test("a removal has no code of the packages above it", () => {
  const lines = [
    "✕ 1 package in error, 1 over: Alder Drive · code 10022",
    "Code 10022",
    "✕ Error: Alder Drive · Calling · since 00:00 UTC · alert 1",
    "Removed",
    "Removed while in error: Willow Seafood · Suite · after 13 min · alert 5",
  ];
  expect(readMessage(lines.join("\n")).statements.map(({ codes }) => codes)).toEqual([["10022"], []]);
});

test("a group counts what is open and what ended", () => {
  expect(readMessage("✕ 3 packages in error, 1 stuck, 2 recovered, common cause: code 7000: A, B")).toMatchObject({
    form: "group",
    open: 4,
    ended: 2,
  });
  expect(readMessage("✓ 12 packages recovered: A, B")).toMatchObject({ form: "group", open: 0, ended: 12 });
});

test("a list of alerts says how many rows it leaves out", () => {
  const { form, open, more, statements } = read("alerts-thirty");
  expect({ form, open, more, rows: statements.length }).toEqual({ form: "alerts", open: 42, more: 12, rows: 30 });
});

test("names with marks and direction signs are read as they stand", () => {
  expect(read("alert-hostile").statements[0]?.customer).toContain("∗∗Acme∗∗ ‹@all›");
  expect(read("alert-right-to-left").statements[0]).toMatchObject({ item: "Calling", alert: 1044 });
});

test("a storm has totals, counts by package and the most affected", () => {
  const { form, storm } = read("storm");
  expect(form).toBe("storm");
  expect(storm).toMatchObject({ told: 25, customers: 25, open: 20, acknowledged: 3 });
  expect(storm?.byPackage).toEqual([
    { item: "Calling", count: 14 },
    { item: "Meetings", count: 5 },
    { item: "Toll dial-in", count: 1 },
  ]);
  expect(storm?.worst[0]).toEqual({
    customer: "Contoso Health",
    items: ["Calling", "Meetings", "Toll dial-in"],
  });
});

test("the end of a storm says how many are still in error", () => {
  expect(read("storm-over")).toMatchObject({ form: "storm-end", storm: { told: 25, open: 0 } });
  expect(read("storm-over-open")).toMatchObject({ form: "storm-end", storm: { told: 25, open: 2, acknowledged: 1 } });
});

test("a baseline says how many customers it watches and how many packages are in error", () => {
  const text = "! Watching 1,250 customers\n7 packages already in error, 1 stuck.\nThis space is alerted.";
  expect(readMessage(text)).toMatchObject({ form: "baseline", baseline: { customers: 1_250, inError: 7 } });
  expect(readMessage("Watching 40 customers\nNone of them is in error.").baseline?.inError).toBe(0);
});

test("verify says whether all agrees, and names differences", () => {
  const text = "In agreement: 6 errors, 5 told here, 1 muted\nMuted: Contoso · Meetings (alert 12)\nTold here: 5";
  expect(readMessage(text)).toMatchObject({
    form: "verify",
    verify: { agrees: true, named: ["Muted: Contoso · Meetings (alert 12)"] },
  });
  for (const head of ["! Not in agreement: 1 change", "Cannot verify: no answer", "No difference found, but not all"])
    expect(readMessage(head)).toMatchObject({ form: "verify", verify: { agrees: false } });
});

test("a short error has a line of its own", () => {
  const text =
    "✓ Recovered: A · Calling · after 5 min · alert 3\ncame and went: Firm 030 · Calling · 7000 · 18:20–18:24";
  expect(readMessage(text).statements[1]).toMatchObject({
    claim: "came-and-went",
    customer: "Firm 030",
    item: "Calling",
    codes: ["7000"],
    since: "18:20 UTC",
  });
});

test.each([
  ["! (possibly repeated) The Wholesale API cannot be read: it answers with an error", "outage"],
  ["The Wholesale API can be read again", "outage-end"],
  ["Digest: 3 packages in error", "digest"],
  ["✕ 3 packages still in error, not acknowledged: A, B", "reminder"],
  ["✕ 3 packages in error, not acknowledged for 30 min: A, B", "escalation"],
  ["Watch this in this space? · A · code 7000", "preview"],
  ["✓ No open alerts", "alerts"],
  ["✕ Noticed late: the bot was away for 7 h · A", "catch-up"],
  ["Came and went: Firm 030 · Calling · 7000 · 18:20–18:24", "group"],
  ["Hello, I list Wholesale customers.", "other"],
])("“%s” is a message of the form %s", (text, form) => {
  expect(readMessage(text).form).toBe(form);
});

test("a line with an alert that nobody can read is not passed over", () => {
  expect(readMessage("✕ Exploded: A · Calling · alert 3").unread).toEqual(["✕ Exploded: A · Calling · alert 3"]);
});
