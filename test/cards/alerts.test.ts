// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are placeholders of the card language
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Alert } from "../../src/domain/alerts/alert.ts";
import { buildAlertsView, buildAlertView } from "../../src/domain/alerts/alert-views.ts";
import { ALERT_KINDS } from "../../src/domain/alerts/kinds.ts";
import { buildStormView } from "../../src/domain/alerts/storm-views.ts";
import type { AlertUpdate, View } from "../../src/domain/views/views.ts";
import { propertyRuns } from "../support/property-runs.ts";
import { MINUTE } from "../support/time.ts";
import {
  alert,
  alertsView,
  alertView,
  failingCustomer,
  OBSERVED_AT,
  RECOVERED,
  stormView,
} from "./alert-card-fixtures.ts";
import { addOn, customer, customerView, emailTaken, maintenance, packageOf, READ_AT } from "./card-fixtures.ts";
import { cardReader, expectFit, render } from "./read-card.ts";

const ack = { personId: "ana", name: "Ana", at: READ_AT, note: "on it" };
const { status: _status, ...lost } = alert({ ...RECOVERED, reason: "customer removed" });

const UPDATES: readonly AlertUpdate[] = [
  "opened",
  "retry failed",
  "re-opened",
  "recovered",
  "removed",
  "flapping",
  "flapping-end",
  "reminder",
  "escalated",
  "current",
];

const { textsOf, readable, bothForms } = cardReader("text", "title", "value");
const firstLine = (view: View) => render(view).text.split("\n")[0];

test("the first line of an alert's text is enough on a locked phone", () => {
  expect(firstLine(alertView())).toBe(
    "✕ Error: Contoso Health · Meetings · code 200016 · since 23 Nov, 14:58 UTC · alert 1042",
  );
  expect(firstLine(alertView(alert(RECOVERED), { update: "recovered" }))).toBe(
    "✓ Recovered: Contoso Health · Meetings · after 42 min · alert 1042",
  );
});

test.each<[string, Partial<Alert>, AlertUpdate, string]>([
  ["a retry in progress", { retrying: true, attempt: 2 }, "current", "! Retrying (attempt 2): Contoso"],
  ["a retry that failed", { attempt: 3, failures: 2 }, "retry failed", "✕ Retry 3 failed: Contoso"],
  ["a failed retry, asked for later", { attempt: 2, failures: 1 }, "current", "✕ Retry 2 failed: Contoso"],
  ["a re-opening", { reopenedAt: [1, 2] }, "re-opened", "✕ Re-opened ×2: Contoso"],
  ["the first sign of health", { state: "healing" }, "current", "… Recovering: Contoso"],
  ["a deletion", { suspended: true, retrying: true, status: "deleting" }, "current", "… Deleting: Contoso"],
  [
    "flapping",
    { flapping: { since: OBSERVED_AT, changedAt: OBSERVED_AT, unchangedObservations: 1 } },
    "flapping",
    "! Flapping, last seen in error: Contoso",
  ],
  [
    "flapping that is healthy when its message is made",
    { ...RECOVERED, flapping: { since: OBSERVED_AT, changedAt: OBSERVED_AT, unchangedObservations: 0 } },
    "flapping",
    "! Flapping, last seen healthy: Contoso",
  ],
  [
    "a reminder of one that flaps",
    {
      badSince: READ_AT - 240 * MINUTE,
      flapping: { since: OBSERVED_AT, changedAt: OBSERVED_AT, unchangedObservations: 1 },
    },
    "reminder",
    "! Flapping, last seen in error, not acknowledged for 4 h: Contoso",
  ],
  ["the end of flapping, in error", {}, "flapping-end", "✕ Still in error, no longer flapping: Contoso"],
  ["the end of flapping, in health", RECOVERED, "flapping-end", "✓ Recovered, no longer flapping: Contoso"],
  [
    "a reminder",
    { badSince: READ_AT - 240 * MINUTE },
    "reminder",
    "✕ Still in error, not acknowledged for 4 h: Contoso",
  ],
  ["a reminder of an alert that was acknowledged meanwhile", { ack }, "reminder", "✕ Still in error: Contoso"],
  [
    "an escalation",
    { badSince: READ_AT - 30 * MINUTE },
    "escalated",
    "✕ Escalated, not acknowledged for 30 min: Contoso",
  ],
])("a text begins with %s", (_, parts, update, line) => {
  expect(firstLine(alertView(alert(parts), { update }))).toContain(line);
});

test("ALERTS 3, 19: a message about other codes names those before", () => {
  expect(firstLine(alertView(alert(), { update: "codes changed", codesBefore: "2560, 7000" }))).toMatch(
    /^✕ Now code 200016, before 2560, 7000: Contoso Health · Meetings · /,
  );
  expect(firstLine(alertView(alert(), { update: "codes changed", codesBefore: "" }))).toMatch(
    /^✕ Now code 200016, before none: /,
  );
});

test("a closed alert is shown as closed whatever the update was, and a removed item never as recovered", () => {
  for (const update of UPDATES) {
    const over = alertView(alert({ ...RECOVERED, ack }), { update });
    expect(firstLine(over)).toMatch(/^✓ Recovered/);
    const gone = alertView(lost, { update });
    expect(firstLine(gone)).toMatch(/^Removed while in error: Contoso Health · Meetings · after 42 min/);
    for (const form of bothForms(gone)) {
      expect(form).toContain("Error → Customer removed");
      expect(form).not.toMatch(/recovered/i);
    }
  }
});

test("a drill is marked first, a repeat right after it", () => {
  const view = alertView(alert({ drill: "room" }), { marks: { possiblyRepeated: true } });
  expect(firstLine(view)).toMatch(/^DRILL – this is a test: \(possibly repeated\) ✕ Error: /);
  expect(readable(view)).toMatch(/^DRILL – this is a test\n\(possibly repeated\) ✕ Provisioning error\n/);
  expect(readable(alertView())).not.toContain("DRILL");
});

test("both forms show who acknowledged an alert, with the note, and who muted it; the card once", () => {
  const muted = { until: READ_AT + 60 * MINUTE, by: "Ben" };
  const view = alertView(alert({ ack }), { muted });
  const { text } = render(view);
  expect(text).toContain("since 23 Nov, 14:58 UTC · acknowledged by Ana · alert 1042");
  expect(text).toContain("Acknowledged: Ana, 15:00 UTC: on it\nMuted: until 23 Nov, 16:00 UTC, by Ben");
  expect(readable(view)).toContain("Acknowledged by Ana, {{TIME(2026-11-23T15:00:00Z)}}: on it");
  expect(readable(view).match(/Ana/g)).toHaveLength(1);
});

test.each<[string, Partial<Alert>, string]>([
  ["noticed late", { lateMs: 12 * MINUTE + 5_000 }, "Noticed late: the bot was away for 12 min."],
  ["there before the bot", { baseline: true }, "It was already so when monitoring began."],
])("an alert that was %s says so", (_, parts, words) => {
  for (const form of bothForms(alertView(alert(parts)))) expect(form).toContain(words);
});

test("an error without a reason says so, and a closed alert shows what the reason was", () => {
  const silent = alert({
    subject: failingCustomer("Acme", { packages: [packageOf("webex_calling", "error")] }),
  });
  for (const form of bothForms(alertView(silent))) expect(form).toContain("The API gives no reason.");
  for (const form of bothForms(alertView(alert(RECOVERED)))) expect(form).toMatch(/It was: (200016 )?Address/);
});

test("an alert of the customer itself, of an add-on, and reasons of both levels, each once", () => {
  const both = customer({ name: "Acme", problems: [emailTaken, maintenance], packages: [], addOns: [] });
  expect(firstLine(alertView(alert({ subject: both })))).toContain("Acme · Customer · codes 10022, 2560 · ");
  expect(readable(alertView(alert({ subject: both })))).toContain("Concerns\n");
  const extra = customer({ problems: [emailTaken], packages: [], addOns: [addOn("error", emailTaken)] });
  const { text } = render(alertView(alert({ subject: extra })));
  expect(text).toContain("Toll dial-in · code 10022 · ");
  expect(text.match(/already associated/g)).toHaveLength(1);
});

test("a stuck alert shows for how long, if that is known", () => {
  const subject = failingCustomer("Acme", { packages: [packageOf("webex_voice", "provisioning")] });
  const stuck = alert({ subject }, { kind: "stuck" });
  const since = { ...stuck, movingSince: READ_AT - 130 * MINUTE };
  expect(firstLine(alertView(since))).toMatch(/^! Provisioning for 2 h 10 min: Acme · Voice · since /);
  expect(firstLine(alertView(stuck))).toMatch(/^! Stuck: Provisioning: Acme/);
});

test("a stuck or warned item that failed since is shown as failed (ALERTS 17)", () => {
  for (const kind of ["stuck", "warnings"] as const) {
    const failed = alert({ ...RECOVERED, status: "error" }, { kind });
    const view = alertView(failed, { update: "recovered" });
    expect(firstLine(view)).toMatch(/^✕ In error now: Contoso Health · Meetings · after 42 min/);
    for (const form of bothForms(view)) expect(form).not.toMatch(/recovered|no longer|gone/i);
    const crowd = buildAlertsView([failed, { ...failed, id: 1043 }], { now: READ_AT });
    expect(crowd.title).toBe("2 packages over");
    expect(crowd.groups).toMatchObject([{ title: "Not healthy now", alerts: [{ id: 1042 }, { id: 1043 }] }]);
  }
});

test("an alert that ended and whose package is not so any more says both, alone and beside others (ALERTS 26)", () => {
  const failed = alert({ ...RECOVERED, seenNow: { class: "bad", status: "error" } });
  expect(firstLine(alertView(failed, { update: "recovered" }))).toMatch(
    /^✕ Recovered, now in error again: Contoso Health · Meetings · after 42 min/,
  );
  for (const form of bothForms(alertView(failed, { update: "recovered" })))
    expect(form.replaceAll("\u00a0", " ")).toContain("Provisioned → Error → Provisioned → Error");
  expect(bothForms(alertView(failed, { update: "recovered" }))[0]).toContain("✕ Recovered, now in error again\n");
  const group = buildAlertsView([failed], { now: READ_AT });
  expect(group).toMatchObject({ tone: "bad", title: "1 package over", groups: [{ title: "Not healthy now" }] });
  const moving = alert({ ...RECOVERED, seenNow: { class: "moving", status: "provisioning" } });
  expect(buildAlertsView([moving], { now: READ_AT })).toMatchObject({ tone: "good", title: "1 package over" });
});

test("one that was removed is shown with what it was open for, alone and beside others (ALERTS 17)", () => {
  const stuck = alert({ ...RECOVERED, reason: "package removed" }, { kind: "stuck" });
  const warned = alert({ ...RECOVERED, id: 1043 }, { kind: "warnings" });
  for (const view of [alertView(stuck), buildAlertsView([warned, stuck], { now: READ_AT })]) {
    expect(render(view).text).toMatch(/^Removed while stuck: Contoso Health · Meetings · after 42 min/m);
    for (const form of bothForms(view)) expect(form).not.toMatch(/while in error/i);
  }
});

test("several that are open for different reasons are counted by them (ALERTS 17)", () => {
  const stuck = alert({ id: 1043 }, { kind: "stuck" });
  const title = (...alerts: readonly Alert[]) => buildAlertsView(alerts, { now: READ_AT }).title;
  expect(title(alert(), stuck, alert({ id: 1044 }))).toBe("2 packages in error, 1 stuck");
  expect(title(stuck, alert({ ...RECOVERED, id: 1044 }))).toBe("1 package stuck, 1 recovered");
  expect(title(alert({ id: 1044 }, { kind: "warnings" }), stuck)).toBe("1 package stuck, 1 with warnings");
  const { groups } = buildAlertsView([stuck, { ...stuck, id: 1045 }, alert({ subject: failingCustomer("Acme") })], {
    now: READ_AT,
  });
  expect(groups.map(({ alerts }) => alerts.map(({ key }) => key.kind))).toEqual([["error"], ["stuck", "stuck"]]);
  const storm = (...alerts: readonly Alert[]) => firstLine(buildStormView(alerts, { isOver: false }, { now: READ_AT }));
  expect(storm(alert(), stuck)).toMatch(/^✕ Storm: 2 packages of 1 customer in error or stuck since /);
  expect(storm(alert(), alert({ id: 1044 }))).toMatch(/ in error since .* · 2 still in error · 0 acknowledged$/);
});

test("each row of a grouped message tells its news, and so does the title (ALERTS 21)", () => {
  const failed = alert({ attempt: 2, failures: 1 });
  const again = alert({ id: 1043, reopenedAt: [READ_AT, READ_AT] });
  const fresh = alert({ id: 1044 });
  const ended = alert({ ...RECOVERED, id: 1045 });
  const updates = { 1042: "retry failed", 1043: "re-opened", 1044: "opened", 1045: "recovered" } as const;
  const view = buildAlertsView([failed, again, fresh, ended], { now: READ_AT }, updates);
  expect(view.title).toBe("3 packages in error (1 new, 1 retry failed, 1 re-opened), 1 recovered");
  const { text } = render(view);
  for (const row of [
    /^✕ Retry 2 failed: .* alert 1042$/m,
    /^✕ Re-opened ×2: .* alert 1043$/m,
    /^✕ Error: .* alert 1044$/m,
  ])
    expect(text).toMatch(row);
  expect(text).toMatch(/^✓ Recovered: .* alert 1045$/m);
  // Without news: the card as it is edited later.
  expect(buildAlertsView([failed, again], { now: READ_AT }).title).toBe("2 packages in error");
});

test("recoveries are listed, and what does not fit has a list of its own (ALERTS 21)", () => {
  const ended = (count: number) =>
    Array.from({ length: count }, (_, at) => alert({ ...RECOVERED, id: 2000 + at, closedAt: READ_AT - at * MINUTE }));
  const thirteen = buildAlertsView(ended(13), { now: READ_AT });
  expect([thirteen.more, thirteen.groups[0]?.alerts.length]).toEqual([0, 13]);
  expect(thirteen.buttons.map(({ command }) => command)).toEqual(["alerts over since=1d"]);
  const many = buildAlertsView([alert(), ...ended(25)], { now: READ_AT });
  expect(many.more).toBe(5);
  expect(many.buttons.map(({ title }) => title).slice(0, 2)).toEqual(["Show all", "Show recovered"]);
  // Nothing is open, and everything is named: no list has more.
  expect(buildAlertsView(ended(2), { now: READ_AT }).buttons).toEqual([]);
});

test("a card of alerts says as of when it is true, and where the newest state is once it is edited no more (ALERTS 30)", () => {
  for (const view of [alertView(), buildAlertsView([alert()], { now: READ_AT }), stormView]) {
    expect(render(view).text).toMatch(/^As of 23 Nov, 15:00 UTC$/m);
    const last = { ...view, marks: { newestInThread: true } };
    for (const form of bothForms(last)) expect(form).toContain("newer changes are in its thread or in later messages.");
  }
});

test("the note of an acknowledgement is shown only in the space in which it was written (ALERTS 22)", () => {
  const acked = alert({ ack: { personId: "ana", name: "Ana", at: READ_AT, note: "on it", notedIn: "hq" } });
  const shownIn = (roomId: string) =>
    render(buildAlertView(acked, "current", { room: { roomId, mutes: [] }, now: READ_AT })).text;
  expect(shownIn("hq")).toContain("on it");
  expect(shownIn("elsewhere")).toContain("Ana");
  expect(shownIn("elsewhere")).not.toContain("on it");
});

describe("several alerts", () => {
  const acme = alert({ subject: failingCustomer("Acme") });
  const contoso = alert({
    id: 1043,
    openedAt: OBSERVED_AT + 1_000,
    subject: failingCustomer("Contoso Health"),
  });
  const old = alert({
    id: 1044,
    openedAt: OBSERVED_AT - 60 * MINUTE,
    subject: failingCustomer("Fourth Coffee"),
    ack,
  });
  const group = (title: string, ...alerts: readonly Alert[]) => ({ title, alerts });

  test("begin with how many, who and which code", () => {
    const view = alertsView({ groups: [group("", acme, contoso), group("", old, { ...acme, id: 1045 })] });
    expect(firstLine(view)).toBe("✕ 4 new errors: Acme, Contoso Health and 1 more · code 2560");
    expect(firstLine({ ...view, more: 7 })).toContain("Acme, Contoso Health and others");
  });

  test("share what their heading says: a code, a minute, a status and who acknowledged them", () => {
    const view = alertsView({ groups: [group("Code 2560: 2 packages", acme, contoso)] });
    expect(render(view).text).toContain(
      "Code 2560: 2 packages · since 14:58 UTC\n✕ Error: Acme · Calling · alert 1042\n✕ Error: Contoso Health",
    );
    expect(readable(view)).toMatch(
      /^Code 2560: 2 packages\n.· ✕ Error\n.· since .*\n1042 {2}\nAcme\n {2}Calling\n1043 {2}\n/m,
    );
    const acked = alertsView({ groups: [group("Opened", { ...acme, ack }, old)] });
    for (const form of bothForms(acked)) {
      expect(form.match(/acknowledged by Ana/g)).toHaveLength(1);
      expect(form.match(/code 2560/g)?.length).toBeLessThanOrEqual(2);
    }
  });

  test("show their status in the heading alone: with the glyph of a title that names it", () => {
    const over = alertsView({ groups: [group("Recovered", alert(RECOVERED), alert({ ...RECOVERED, id: 1043 }))] });
    expect(readable(over)).toContain("\n✓ Recovered\n1042");
    expect(readable(over).match(/Recovered/g)).toHaveLength(1);
    const mixed = alertsView({ groups: [group("Code 2560", acme, { ...contoso, retrying: true, attempt: 2 })] });
    expect(readable(mixed).replaceAll("\u00a0", " ")).toMatch(
      /Calling\n✕ Error\n[\s\S]*Calling\n! Retrying \(attempt 2\)\n/,
    );
  });

  test("each show since when, where that differs, and who acknowledged them", () => {
    const { text } = render(alertsView({ groups: [group("By hand", acme, old)] }));
    expect(text).toContain("By hand · code 2560\n✕ Error: Acme · Calling · since 14:58 UTC · alert 1042");
    expect(text).toContain("since 13:58 UTC · acknowledged by Ana · alert 1044");
  });

  test("are listed up to thirty, and the rest is counted", () => {
    const alerts = Array.from({ length: 41 }, (_, i) => ({ ...acme, id: i + 1 }));
    const view = alertsView({
      groups: [group("One", ...alerts.slice(0, 29)), group("Two", ...alerts.slice(29))],
      more: 5,
    });
    for (const form of bothForms(view)) expect(form).toContain("and 16 more");
    expect(render(view).text.match(/alert \d+$/gm)).toHaveLength(30);
    expectFit(view);
  });

  test("tell a drill from the real thing", () => {
    const drill = alert({ drill: "room" });
    expect(firstLine(alertsView({ groups: [group("", drill)] }))).toMatch(/^DRILL – this is a test: ✕ 4/);
    const { text } = render(alertsView({ groups: [group("", drill, acme)] }));
    expect(text).toContain("\nDRILL ✕ Error: Contoso Health");
    expect(text).toContain("\n✕ Error: Acme");
  });
});

test("a storm begins with its totals, its cause and how it stands", () => {
  expect(firstLine(stormView)).toBe(
    "✕ Storm: 25 packages of 25 customers in error since 23 Nov, 14:58 UTC, common cause: code 2560 · 20 still in error · 3 acknowledged · 4 recovered · 1 removed while in error",
  );
  const over = { ...stormView, state: "over", endedAt: OBSERVED_AT + 70 * MINUTE, open: 0 } as const;
  expect(firstLine(over)).toMatch(
    /^✓ Storm over after 1 h 10 min: 25 packages .* none in error any more · 4 recovered · 1 /,
  );
  expect(firstLine({ ...over, open: 1 })).toMatch(/^! Storm no longer growing/);
  expect(firstLine({ ...over, flapping: 1 })).toMatch(/^! Storm no longer growing .* · 1 flapping$/);
  expect(firstLine({ ...stormView, open: 0, recovered: 0, removed: 12 })).toMatch(
    /any more · 12 removed while in error$/,
  );
  expect(readable(stormView)).toContain("✕ Calling\n████████████\n14\n✕ Meetings\n████\n░░░░░░░░\n5");
});

test("a storm names as most affected those with several packages only, and its common code once", () => {
  const of = (id: string, name: string) => alert({ id: 1, subject: failingCustomer(name) }, { customerId: id });
  const storm = (...alerts: readonly Alert[]) => buildStormView(alerts, { isOver: false }, { now: READ_AT });
  expect(storm(of("a", "Acme"), of("b", "Contoso")).worst).toEqual([]);
  const both = storm(of("a", "Acme"), of("a", "Acme"), of("b", "Contoso"));
  expect(both.worst.map(({ title }) => title)).toEqual(["Acme"]);
  expect(render({ ...both, commonCode: 2560 }).text).toMatch(/^Most affected\nAcme: Calling, Calling$/m);
});

test("a code beside that of the heading does not seem to be the only one", () => {
  const both = alert({ subject: failingCustomer("Acme", { problems: [emailTaken] }) });
  const view = alertsView({ groups: [{ title: "Code 2560: 1 package", alerts: [both] }] });
  expect(readable(view)).toContain("also code 10022");
  const one = alertsView({
    groups: [{ title: "Code 2560: 1 package", alerts: [alert({ subject: failingCustomer("Acme") })] }],
  });
  expect(readable(one)).not.toContain("code 2560");
});

test("a customer's card lists its open alerts", () => {
  const view = customerView(failingCustomer("Acme"), {
    alerts: [alert({ subject: failingCustomer("Acme"), ack })],
  });
  expect(render(view).text).toContain(
    "Open alerts:\n✕ Error: Calling (alert 1042), since 14:58 UTC, acknowledged by Ana\n",
  );
  expect(readable(view)).toContain("Open alerts\n✕ Error: Calling (alert 1042), since {{TIME(");
  expect(readable(customerView(failingCustomer("Acme")))).not.toContain("Open alerts");
});

describe("hostile strings", () => {
  /** Every string and many a number of every view, made of one text. */
  const everywhere = (text: string, parts: Partial<Alert>, many: number): readonly View[] => {
    const problem = { level: "error", code: 1, text } as const;
    const subject = customer({
      // Buttons carry it, and Webex takes 1,000 characters of a button.
      id: text.slice(0, 100),
      externalId: text,
      name: text,
      status: text,
      address: { city: text, country: text },
      packages: [{ name: text, status: text, problems: [problem, maintenance, emailTaken] }],
      problems: [{ ...problem, code: 2 }],
    });
    const notedBy = { ...ack, name: text, note: text };
    const one = alert({ previousStatus: text, status: text, subject, ack: notedBy, lateMs: 1, ...parts });
    const alerts = Array.from({ length: many }, (_, i) => ({
      ...one,
      id: i,
      openedAt: OBSERVED_AT - i * MINUTE,
    }));
    const facts = [{ title: text, value: text }];
    const marks = { possiblyRepeated: true, wasMuted: true };
    const muted = { until: READ_AT, by: text };
    const counts = Array.from({ length: many }, (_, i) => ({
      item: text,
      code: i,
      count: i,
      customers: i + 1,
    }));
    return [
      ...UPDATES.map((update) => alertView(one, { update, facts, marks, muted })),
      ...ALERT_KINDS.map((kind) => alertView({ ...one, key: { ...one.key, kind } })),
      ...ALERT_KINDS.map((kind) => alertView({ ...one, key: { ...one.key, kind, item: `addon:${text}` } })),
      alertsView({
        title: text,
        lines: [text],
        marks,
        groups: [
          { title: text, alerts },
          { title: "Opened", alerts },
        ],
      }),
      customerView(subject, { alerts }),
      {
        ...stormView,
        marks,
        byPackage: counts,
        byCode: counts,
        worst: counts.map(() => ({ title: text, packages: [text, "*"], codes: [1, 2, 3] })),
      },
    ];
  };
  const ACTIVE = /[<>*`\\[\]]|~~|\$\{|(?!\n)[\p{Cc}\u202a-\u202e\u2066-\u2069]|\{\{(?!(?:TIME|DATE)\([-\d]+T[\d:]+Z)/u;

  const expectInert = (text: string, parts: Partial<Alert>, many: number) => {
    for (const view of everywhere(text, parts, many)) {
      expectFit(view);
      for (const shown of [...textsOf(view), render(view).text]) expect(shown).not.toMatch(ACTIVE);
    }
  };

  test.each([
    "W",
    "名",
    '"',
    "😀",
    "**[x](y)**",
    "<@all>",
    "${a}{{TIME(1.5Z)}}",
    "\u202e\u200b",
    "א",
    "constructor",
    "undefined ",
  ])("of %j, without end and in crowds, fit and leave no markup", (letter) => {
    expectInert(letter.repeat(400), {}, 60);
  });

  const anyAlert: fc.Arbitrary<Partial<Alert>> = fc.record({
    state: fc.constantFrom("open", "healing", "closed"),
    reason: fc.constantFrom("recovered", "customer removed", "package removed"),
    openedAt: fc.integer({ min: 0, max: READ_AT }),
    badSince: fc.integer({ min: 0, max: 2 * READ_AT }),
    closedAt: fc.integer({ min: 0, max: 2 * READ_AT }),
    attempt: fc.nat(20),
    failures: fc.nat(20),
    retrying: fc.boolean(),
    suspended: fc.boolean(),
    baseline: fc.boolean(),
    reopenedAt: fc.array(fc.integer({ min: 0, max: READ_AT }), { maxLength: 3 }),
  });

  test("of any kind do no better, whatever became of the alert", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 40 }), anyAlert, (text, parts) => {
        expectInert(text, parts, 3);
      }),
      propertyRuns(15),
    );
  });
});
