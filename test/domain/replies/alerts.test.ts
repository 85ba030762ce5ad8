import { expect, test } from "vitest";
import type { AlertsCommand } from "../../../src/domain/commands/alerts.ts";
import type { Filter } from "../../../src/domain/customers/filter.ts";
import { replyAck } from "../../../src/domain/replies/ack.ts";
import { replyAlerts } from "../../../src/domain/replies/alerts.ts";
import { replyHandover } from "../../../src/domain/replies/digest.ts";
import type { AlertsView } from "../../../src/domain/views/views.ts";
import { muteOf } from "../../support/alert-fixtures.ts";
import { HOUR, MINUTE } from "../../support/time.ts";
import { alertOf, customerOf, NOW, notifiedOf, type ReplySituation, replyContext, WATCH_ALL } from "./reply-context.ts";

const ALERTS: AlertsCommand = { name: "alerts", filter: [], page: 1 };
const named = (text: string): Filter => [{ field: "name", negated: false, values: [{ text, prefix: false }] }];
const several = (count: number) =>
  Array.from({ length: count }, (_, i) => alertOf(i + 1, customerOf(`Customer ${i + 1}`)));
const watching = (name: string) => ({ watches: [{ ...WATCH_ALL, filter: named(name) }] });
const over = (id: number, closedAt: number, parts = {}) =>
  alertOf(id, customerOf(`Customer ${id}`), { state: "closed", reason: "recovered", closedAt, ...parts });

async function list(command: Partial<AlertsCommand>, situation: ReplySituation): Promise<AlertsView> {
  const { view } = await replyAlerts({ ...ALERTS, ...command }, replyContext(situation));
  if (view.kind !== "alerts") throw new Error(`${view.kind} is not a list of alerts`);
  return view;
}

const idsOf = ({ groups }: AlertsView) => groups.flatMap(({ alerts }) => alerts.map(({ id }) => id));
const buttonsOf = ({ buttons }: AlertsView) => buttons.map(({ title, command }) => `${title}: ${command}`);

test("a filter that matches nothing says so, and how many are open without it", async () => {
  const view = await list({ filter: named("berlin") }, { alerts: several(72) });
  expect(view).toMatchObject({ tone: "info", title: "No open alert matches" });
  expect(view.lines).toEqual(["Filter: name=berlin", "Without the filter: 72 open alerts."]);
  expect(buttonsOf(view)).toEqual(["Show all 72: alerts", "Refresh: alerts name=berlin"]);
});

test("only a scope without any open alert is shown as good", async () => {
  expect(await list({}, {})).toMatchObject({ tone: "good", title: "No open alerts", lines: [] });
  expect(await list({ filter: named("berlin") }, {})).toMatchObject({ tone: "good", title: "No open alerts" });
  const outage = { since: NOW - HOUR, cause: "http.timeout", notifiedCount: 1, nextNoticeAt: NOW };
  expect(await list({}, { outage })).toMatchObject({ tone: "info" });
});

test("a space sees what it watches or was told of, and with `all` everything", async () => {
  const alerts = several(3);
  const roomState = { ...watching("Customer 1"), notified: [notifiedOf(2)] };
  const own = await list({}, { alerts, roomState });
  expect(idsOf(own)).toEqual([1, 2]);
  expect(own.lines).toEqual(["1 more open alert that this space does not watch."]);
  const all = await list({ everywhere: true }, { alerts, roomState });
  expect(idsOf(all)).toEqual([1, 2, 3]);
  expect(all.lines).toEqual(["All, also what this space does not watch."]);
  const none = await list({}, { alerts, roomState: watching("Nobody") });
  expect(none).toMatchObject({ tone: "info", title: "No open alerts" });
  expect(none.lines).toEqual(["3 more open alerts that this space does not watch."]);
  expect(buttonsOf(none)).toEqual(["All alerts: alerts all", "Refresh: alerts"]);
});

test("one set: the list, `ack all` and a handover are about the same alerts", async () => {
  const alerts = several(12);
  for (const roomState of [{}, { ...watching("Customer 1"), notified: [notifiedOf(2)] }]) {
    const context = replyContext({ alerts, roomState });
    const { changes = [] } = await replyAck({ name: "ack", alerts: "all" }, context);
    const acked = changes.flatMap((one) =>
      one.kind === "alerting" && one.change.kind === "ack" ? one.change.alerts : [],
    );
    const pages = await Promise.all([1, 2].map((page) => list({ page }, { alerts, roomState })));
    expect(new Set(pages.flatMap(idsOf))).toEqual(new Set(acked));
    const handover = await replyHandover({ name: "handover", since: HOUR }, context);
    expect(handover.view).toMatchObject({
      title: `Handover: ${acked.length} package${acked.length === 1 ? "" : "s"} in error`,
    });
  }
});

test("a button says how many it takes: those on the page, or all", async () => {
  const alerts = several(72).map((alert, i) =>
    i === 0 ? { ...alert, ack: { personId: "bob", name: "Bob", at: NOW } } : alert,
  );
  expect(buttonsOf(await list({}, { alerts }))).toEqual([
    "Next ›: alerts page=2",
    "Acknowledge these 9: ack 2-10",
    "Acknowledge all 71: ack all",
    'Mute all for 1 h: mute all for=1h because="many alerts at once"',
    "Refresh: alerts",
  ]);
  expect(buttonsOf(await list({ page: 2 }, { alerts }))).toEqual([
    "‹ Prev: alerts",
    "Next ›: alerts page=3",
    "Acknowledge these 10: ack 11-20",
    "Acknowledge all 71: ack all",
    "Refresh: alerts page=2",
  ]);
  const filter = named("Customer 1");
  expect(buttonsOf(await list({ filter }, { alerts: several(12) }))).toEqual([
    "Acknowledge alert 1: ack 1",
    expect.stringMatching(/^Mute name=Customer 1 for 1 h: mute name="Customer 1" for=1h /),
    'Refresh: alerts name="Customer 1"',
  ]);
});

test("a mute of the list can be taken back from the list", async () => {
  const roomState = { mutes: [muteOf({ roomId: "r1", number: 4, from: NOW - MINUTE, until: NOW + HOUR })] };
  expect(buttonsOf(await list({}, { alerts: several(2), roomState }))).toContain("Unmute all: unmute 4");
});

test("a page beyond the last is the last", async () => {
  const view = await list({ page: 9 }, { alerts: several(12) });
  expect(idsOf(view)).toEqual([11, 12]);
  expect(view).toMatchObject({ lines: ["Page 2 of 2"], more: 0 });
});

test("alerts that ended lately, newest first, by pages; one that flaps is not over (ALERTS 13)", async () => {
  const flapping = { since: NOW, changedAt: NOW, unchangedObservations: 0 };
  const ended = Array.from({ length: 12 }, (_, i) => over(i + 1, NOW - (i + 1) * MINUTE));
  const alerts = [...ended, over(20, NOW - 2 * HOUR), over(21, NOW, { flapping }), alertOf(22, customerOf("Open"))];
  const view = await list({ over: HOUR }, { alerts });
  expect(view).toMatchObject({ tone: "info", title: "12 alerts ended in the last 1 h", more: 2 });
  expect(idsOf(view)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(buttonsOf(view)).toEqual([
    "Next ›: alerts over since=1h page=2",
    "Open alerts: alerts",
    "Refresh: alerts over since=1h",
  ]);
  expect(await list({ over: MINUTE / 2 }, { alerts })).toMatchObject({ title: "No alert ended in the last 30 s" });
});
