import { expect, test } from "vitest";
import type { Notice } from "../../../src/domain/alerts/notice.ts";
import type { ReplyContext } from "../../../src/domain/replies/reply.ts";
import { replyVerify } from "../../../src/domain/replies/verify.ts";
import { MINUTE } from "../../support/time.ts";
import { alertOf, customerOf, NOW, notifiedOf, type ReplySituation, replyContext, WATCH_ALL } from "./reply-context.ts";

const CONTOSO = customerOf("Contoso");
const ALERT = alertOf(1042, CONTOSO);
/** The space was notified of that alert. */
const TOLD = { notified: [notifiedOf(1042)] };
const MANY_MOVING = Array.from({ length: 25 }, (_, at) => customerOf(`Tailspin ${at}`, { status: "provisioning" }));

/** The reply in a space that watches everything, and its facts by title. */
async function verify(situation: ReplySituation) {
  const context = replyContext({ ...situation, roomState: { watches: [WATCH_ALL], ...situation.roomState } });
  const { view } = await replyVerify(context);
  if (view.kind !== "notice") throw new Error("not a notice");
  const figures = Object.fromEntries(view.facts.map(({ title, value }) => [title, value]));
  return { ...view, figures };
}

const queued = (alertId: number, kind: Notice["kind"] = "alert"): Notice => ({
  id: 1,
  recipient: { roomId: "r1" },
  kind,
  alertId,
  generation: 1,
  queuedAt: NOW,
  possiblySent: false,
  details: {},
});

test("notified alerts and the errors of the API agree, and programs can read the figures", async () => {
  const { title, lines, tone, figures } = await verify({ alerts: [ALERT], customers: [CONTOSO], roomState: TOLD });
  expect(title).toBe("In agreement: 1 told open, 1 in error by the API");
  expect(lines).toEqual([
    "Sent to this space and still open: 1. In error by the API: 1. Last complete sweep: 40 s ago, 250 customers.",
  ]);
  expect(tone).toBe("info");
  expect(figures).toEqual({
    "Told open": "1",
    "In error by the API": "1",
    Waiting: "0",
    Muted: "0",
    "Held back": "0",
    Flapping: "0",
    Recovering: "0",
    "Not seen yet": "0",
    Unexplained: "0",
    "Last complete sweep": "40 s ago, 250 customers",
  });
});

test("an alert that is neither notified nor queued is unexplained", async () => {
  const { title, lines, tone, figures } = await verify({ alerts: [ALERT], customers: [CONTOSO] });
  expect(title).toMatch(/^Not in agreement: 1 difference unexplained/);
  expect(lines).toContain("Unexplained: Contoso · Meetings (alert 1042)");
  expect({ tone, unexplained: figures.Unexplained }).toEqual({ tone: "warning", unexplained: "1" });
});

test("a difference may be waiting, muted or flapping", async () => {
  const mute = { roomId: "r1", number: 1, filter: [], from: 0, until: NOW + MINUTE, because: "" };
  const muted = { mutes: [{ ...mute, personId: "ana", by: "Ana" }] };
  const space = { alerts: [ALERT], customers: [CONTOSO] };
  expect((await verify({ ...space, roomState: { queued: [queued(1042)] } })).figures.Waiting).toBe("1");
  expect((await verify({ ...space, roomState: { queued: [queued(0, "baseline")] } })).figures.Waiting).toBe("1");
  expect((await verify({ ...space, roomState: muted })).figures.Muted).toBe("1");
  const flapping = { ...ALERT, flapping: { since: NOW, changedAt: NOW, unchangedObservations: 0 } };
  expect((await verify({ ...space, alerts: [flapping] })).figures.Flapping).toBe("1");
});

test("a customer in error does not count while one of its packages is, and is inhibited while that heals (ALERTS 2)", async () => {
  const failed = customerOf("Contoso", { status: "error" });
  const whole = alertOf(1043, { ...failed, packages: [] });
  const both = await verify({ alerts: [ALERT, whole], customers: [failed], roomState: TOLD });
  expect(both.title).toBe("In agreement: 1 told open, 1 in error by the API");
  const healed = { ...failed, packages: failed.packages.map((one) => ({ ...one, status: "provisioned" })) };
  const alerts = [{ ...ALERT, state: "healing" } as const, whole];
  const { figures } = await verify({ alerts, customers: [healed], roomState: TOLD });
  expect(figures).toMatchObject({ "Held back": "1", Recovering: "1", Unexplained: "0" });
});

test("a customer with an open alert that is listed under another status is looked up (ALERTS 5)", async () => {
  const moving = customerOf("Contoso", { status: "provisioning" });
  const { title } = await verify({ alerts: [ALERT], customers: [moving], roomState: TOLD });
  expect(title).toBe("In agreement: 1 told open, 1 in error by the API");
});

test("at most twenty customers are looked up; the others are from the snapshot, with a note", async () => {
  const alerts = MANY_MOVING.map((customer, at) => alertOf(1100 + at, customer));
  const { title, lines } = await verify({
    alerts,
    customers: MANY_MOVING,
    roomState: { notified: alerts.map(({ id }) => notifiedOf(id)) },
  });
  expect(title).toBe("In agreement: 25 told open, 25 in error by the API");
  expect(lines[0]).toBe("5 customers compared with the bot’s own copy: too many to ask Webex for one by one.");
});

test("customers of alerts of other kinds are not looked up", async () => {
  const alerts = MANY_MOVING.map((customer, at) => {
    const alert = alertOf(1100 + at, customer);
    return { ...alert, key: { ...alert.key, kind: "stuck" as const } };
  });
  const { lines } = await verify({ alerts, customers: MANY_MOVING });
  expect(lines[0]).toMatch(/^Sent to this space and still open: 0/);
});

test("a healing or retrying alert is recovering (ALERTS 10, 11)", async () => {
  const healing = { ...ALERT, state: "healing" } as const;
  expect((await verify({ alerts: [healing], roomState: TOLD })).figures.Recovering).toBe("1");
  const retrying = { ...ALERT, retrying: true };
  expect((await verify({ alerts: [retrying], roomState: TOLD })).figures.Recovering).toBe("1");
});

test("a change since the last reading is not seen yet, in both directions", async () => {
  const list = returning([CONTOSO]);
  expect((await verify({ list })).figures["Not seen yet"]).toBe("1");
  const healed = returning([]);
  expect(
    (await verify({ alerts: [ALERT], customers: [CONTOSO], list: healed, roomState: TOLD })).figures["Not seen yet"],
  ).toBe("1");
});

test("an error in the snapshot without an alert is unexplained", async () => {
  expect((await verify({ customers: [CONTOSO] })).figures.Unexplained).toBe("1");
});

test("an alert that no watch covers is no difference", async () => {
  const { title } = await verify({ alerts: [ALERT], customers: [CONTOSO], roomState: { watches: [] } });
  expect(title).toBe("In agreement: 0 told open, 0 in error by the API");
});

test("when the API does not answer, the snapshot is compared, with a note", async () => {
  const { title, lines, figures } = await verify({ alerts: [ALERT], list: failing, roomState: TOLD });
  expect(title).toBe("In agreement: 1 told open, 1 in error by the bot’s copy");
  expect(lines[0]).toBe("The Wholesale API does not answer at the moment: compared with the bot’s own copy instead.");
  expect(figures["In error by the API"]).toBe("1 (the bot’s own copy)");
});

test("at most ten pages are read while the sender waits", async () => {
  let calls = 0;
  const list: ReplyContext["wholesale"]["list"] = async () => {
    calls += 1;
    return { customers: [], hasMore: true, unreadable: 0, readAt: NOW };
  };
  const { lines } = await verify({ alerts: [ALERT], list, roomState: TOLD });
  expect(calls).toBe(10);
  expect(lines[0]).toMatch(/^More than 1000 customers/);
});

test("during an outage, a note is shown first (ALERTS 31)", async () => {
  const outage = { since: NOW - 57 * MINUTE, cause: "http.timeout", notifiedCount: 1, nextNoticeAt: NOW };
  const { lines } = await verify({ outage });
  expect(lines[0]).toBe("The Wholesale API has not been readable since 14:03 UTC: what follows may be out of date.");
});

const failing: ReplyContext["wholesale"]["list"] = async () => {
  throw Object.assign(new Error("Unavailable"), { retryable: true });
};

function returning(unhealthy: readonly (typeof CONTOSO)[]): ReplyContext["wholesale"]["list"] {
  return async ({ statuses }) => ({
    customers: unhealthy.filter(({ status }) => statuses.includes(status)),
    hasMore: false,
    unreadable: 0,
    readAt: NOW,
  });
}
