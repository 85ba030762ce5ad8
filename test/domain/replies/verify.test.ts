import { expect, test } from "vitest";
import type { Notice } from "../../../src/domain/alerts/notice.ts";
import type { Customer } from "../../../src/domain/customers/customer.ts";
import type { Filter } from "../../../src/domain/customers/filter.ts";
import type { ReplyContext } from "../../../src/domain/replies/reply.ts";
import { replyVerify } from "../../../src/domain/replies/verify.ts";
import { inUtc } from "../../support/in-utc.ts";
import { MINUTE } from "../../support/time.ts";
import { alertOf, customerOf, NOW, notifiedOf, type ReplySituation, replyContext, WATCH_ALL } from "./reply-context.ts";

const CONTOSO = customerOf("Contoso");
const ALERT = alertOf(1042, CONTOSO);
/** The space was notified of that alert. */
const TOLD = { notified: [notifiedOf(1042)] };
const HEALTHY = { ...CONTOSO, status: "provisioned", packages: goodPackages(CONTOSO) };
const FLAPPING = { ...ALERT, flapping: { since: NOW, changedAt: NOW, unchangedObservations: 0 } };
const CALLING: Filter = [{ field: "package", negated: false, values: [{ text: "webex_calling", prefix: false }] }];
const MUTE = { roomId: "r1", number: 1, filter: [], from: 0, until: NOW + MINUTE, because: "" };
const MUTES = [{ ...MUTE, personId: "ana", by: "Ana" }];
const BY_THE_THOUSAND = { age: async () => ({ completeAt: NOW - 40_000, customers: 4_000 }) };

/** The reply in a space that watches everything, and its facts by title. */
async function verify(situation: ReplySituation, snapshot: Partial<ReplyContext["snapshot"]> = {}) {
  const context = replyContext({ ...situation, roomState: { watches: [WATCH_ALL], ...situation.roomState } });
  const { view } = await replyVerify({ ...context, snapshot: { ...context.snapshot, ...snapshot } });
  if (view.kind !== "notice") throw new Error("not a notice");
  const figures = Object.fromEntries(view.facts.map(({ title, value }) => [title, value.replace(/:.*/, "")]));
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

test("what was told and the errors of the API agree, and no row is shown", async () => {
  const { title, lines, tone, facts } = await verify({
    alerts: [ALERT],
    customers: [CONTOSO],
    roomState: TOLD,
  });
  expect(title).toBe("In agreement: 1 error, all told here");
  expect(lines).toEqual(["The last complete reading of all 250 customers was 40 s ago."]);
  expect(tone).toBe("info");
  expect(facts).toEqual([]);
  expect((await verify({ customers: [HEALTHY] })).title).toBe(
    "In agreement: nothing that this space watches is in error",
  );
});

test("ALERTS 31: while the scope cannot be read, before the first reading and without an answer it cannot verify", async () => {
  const outage = { since: NOW - 57 * MINUTE, cause: "http.timeout", notifiedCount: 1, nextNoticeAt: NOW };
  const space = { alerts: [ALERT], customers: [CONTOSO], roomState: TOLD };
  expect(inUtc((await verify({ ...space, outage })).title)).toBe(
    "Cannot verify: the Wholesale API has not been readable since 14:03 UTC",
  );
  const list = { known: 4_000, present: 12, mayBeTrue: true };
  expect((await verify({ ...space, outage: { ...outage, list } })).title).toMatch(
    /^Cannot verify: the list of the Wholesale API has 12 of 4,?000 customers$/,
  );
  expect((await verify(space, { age: async () => ({ customers: 0 }) })).title).toMatch(
    /^Cannot verify: the first reading/,
  );
  expect((await verify({ ...space, list: failing })).title).toBe(
    "Cannot verify: the Wholesale API does not answer at the moment",
  );
  const refused = await verify({ ...space, list: refusing });
  expect(refused.title).toBe("Cannot verify: the Wholesale API refuses the bot’s token (401)");
  expect(refused.lines[0]).toContain("must set a new one");
});

test("an alert that is neither notified nor queued is unexplained", async () => {
  const { title, lines, tone, figures } = await verify({ alerts: [ALERT], customers: [CONTOSO] });
  expect(title).toBe("Not in agreement: 1 alert of this space differs from Webex");
  expect(lines).toContain("Unexplained: Contoso · Meetings (alert 1042)");
  expect({ tone, figures }).toMatchObject({ tone: "warning", figures: { Unexplained: "1", "Told here": "0" } });
  expect((await verify({ customers: [CONTOSO] })).figures.Unexplained).toBe("1");
});

test("ALERTS 29: an alert whose message could not be delivered says where to look", async () => {
  const { title, lines, figures } = await verify({ alerts: [ALERT], customers: [CONTOSO], givenUp: [1042] });
  expect(title).toMatch(/^Not in agreement: /);
  expect(lines[0]).toMatch(/“outbox”/);
  expect(figures["Not delivered"]).toBe("1");
});

test("an error is found under any status of its customer: updating, provisioned or unknown", async () => {
  for (const status of ["updating", "provisioned", "brand_new"]) {
    const { title, figures } = await verify({ customers: [{ ...CONTOSO, status }] });
    expect({ title, figures }).toMatchObject({
      title: expect.stringMatching(/^Not in agreement/),
      figures: { "In error in Webex": "1", Unexplained: "1" },
    });
  }
});

test("ALERTS 19: a deleted message that told of an open alert is named", async () => {
  const space = { alerts: [ALERT], customers: [CONTOSO], roomState: TOLD };
  const { title, lines, figures } = await verify({ ...space, isPosted: async () => false });
  expect(title).toBe("Not in agreement: the message about 1 open alert was deleted from this space");
  expect(lines).toContain("Deleted: Contoso · Meetings (alert 1042)");
  expect(figures.Deleted).toBe("1");
  const { title: unknown } = await verify({ ...space, isPosted: failing });
  expect(unknown).toBe("No difference found, but not everything was compared");
});

test("what ends by itself is no agreement yet", async () => {
  const space = { alerts: [ALERT], customers: [CONTOSO] };
  const waiting = await verify({ ...space, roomState: { queued: [queued(1042)] } });
  expect(waiting.title).toBe("Not in agreement yet: 1 change is on the way to this space");
  expect(waiting.figures.Waiting).toBe("1");
  expect((await verify({ ...space, roomState: { queued: [queued(0, "baseline")] } })).figures.Waiting).toBe("1");
  const unseen = await verify({ list: returning([CONTOSO]), byId: [CONTOSO] });
  expect(unseen).toMatchObject({ title: waiting.title, figures: { "Not seen yet": "1" } });
});

test("a recovery that was not told yet is no agreement", async () => {
  const healing = { ...ALERT, state: "healing" } as const;
  const healed = await verify({ alerts: [healing], customers: [HEALTHY], roomState: TOLD });
  expect(healed).toMatchObject({ title: expect.stringMatching(/^Not in agreement yet/), figures: { Recovering: "1" } });
  const closed = { ...ALERT, state: "closed" } as const;
  const lost = await verify({ alerts: [closed], customers: [HEALTHY], roomState: TOLD });
  expect(lost.figures.Unexplained).toBe("1");
});

test("ALERTS 10: an alert that is being retried is told right as open", async () => {
  const packages = CONTOSO.packages.map((one) => ({ ...one, status: "updating" }));
  const moving = { ...CONTOSO, status: "updating", packages };
  const retrying = { ...ALERT, retrying: true };
  const { title } = await verify({ alerts: [retrying], customers: [moving], roomState: TOLD });
  expect(title).toMatch(/^In agreement/);
});

test("a recovery on its way is no agreement, also where something new is going on with the package by then", async () => {
  const packages = CONTOSO.packages.map((one) => ({ ...one, status: "provisioning" }));
  const moving = { ...CONTOSO, status: "updating", packages };
  const closed = { ...ALERT, state: "closed", closedAt: NOW } as const;
  const roomState = { ...TOLD, queued: [queued(1042, "recovery")] };
  const { title, figures } = await verify({ alerts: [closed], customers: [moving], roomState });
  expect(title).toBe("Not in agreement yet: 1 change is on the way to this space");
  expect(figures.Waiting).toBe("1");
});

test("ALERTS 13, 23: flapping and mutes are named in an agreement", async () => {
  const flapping = { notified: [notifiedOf(1042, { state: "flapping" })] };
  for (const customers of [[CONTOSO], [HEALTHY]]) {
    const { title, figures } = await verify({ alerts: [FLAPPING], customers, roomState: flapping });
    expect(title).toMatch(/^In agreement: .*, 1 flapping$/);
    expect(figures.Flapping).toBe("1");
  }
  const muted = await verify({ alerts: [ALERT], customers: [CONTOSO], roomState: { mutes: MUTES } });
  expect(muted).toMatchObject({ title: "In agreement: 1 error, 0 told here, 1 muted", figures: { Muted: "1" } });
});

test("ALERTS 13, 18: what flaps and was told as open is no fault where a mute or no watch covers it", async () => {
  const flapping = { alerts: [FLAPPING], customers: [HEALTHY] };
  const silent = [{ mutes: MUTES }, { watches: [{ ...WATCH_ALL, filter: CALLING }] }];
  for (const state of silent) {
    const { title, lines } = await verify({ ...flapping, roomState: { ...TOLD, ...state } });
    expect(title).toBe("In agreement: nothing that this space watches is in error, 1 flapping");
    expect(lines).toContain("Flapping: Contoso · Meetings (alert 1042)");
  }
  expect((await verify({ ...flapping, roomState: TOLD })).figures.Unexplained).toBe("1");
});

test("ALERTS 2: a customer in error does not count while one of its packages is, and is inhibited while that heals", async () => {
  const failed = customerOf("Contoso", { status: "error" });
  const whole = alertOf(1043, { ...failed, packages: [] });
  const both = await verify({ alerts: [ALERT, whole], customers: [failed], roomState: TOLD });
  expect(both.title).toBe("In agreement: 1 error, all told here");
  const healed = { ...failed, packages: goodPackages(failed) };
  const alerts = [{ ...ALERT, state: "healing" } as const, whole];
  const { figures } = await verify({ alerts, customers: [healed], roomState: TOLD });
  expect(figures).toMatchObject({ "Held back": "1", Recovering: "1" });
});

test("a change while the API was read is no difference: what differs is looked up once more", async () => {
  // The list is older than the recovery that the space was told.
  const { title } = await verify({ customers: [HEALTHY], list: returning([CONTOSO]) });
  expect(title).toMatch(/^In agreement/);
});

test("a list that lacks customers is not believed", async () => {
  const many = Array.from({ length: 25 }, (_, at) => ({ ...HEALTHY, id: `Tailspin ${at}` }));
  const { title, lines } = await verify({ customers: many, list: returning([]) });
  expect(title).toBe("No difference found, but not everything was compared");
  expect(lines[0]).toBe("5 customers not asked for one by one: too many.");
});

test("law h: of thousands of customers only those with a problem are asked for, so it does not claim agreement", async () => {
  const { title, lines } = await verify(
    { alerts: [ALERT], customers: [CONTOSO], roomState: TOLD },
    {
      ...BY_THE_THOUSAND,
      unhealthy: async () => ["Contoso"],
    },
  );
  expect(title).toBe("No difference found, but not everything was compared");
  expect(lines[0]).toBe("Of 4000 customers only those with a problem were asked for.");
});

test("at most ten pages of each list are read while the sender waits", async () => {
  let calls = 0;
  const list: ReplyContext["wholesale"]["list"] = async () => {
    calls += 1;
    return { customers: [], hasMore: true, unreadable: 0, readAt: NOW };
  };
  const { lines } = await verify({ alerts: [ALERT], list, roomState: TOLD });
  expect(calls).toBe(10);
  expect(lines).toContain("Only 10 pages of the list were read.");
});

test("a space without a watch is told so", async () => {
  const { title } = await verify({ customers: [CONTOSO], roomState: { watches: [] } });
  expect(title).toBe("This space has no watch, so it gets no alerts");
});

const failing = async () => {
  throw Object.assign(new Error("Unavailable"), { retryable: true });
};

const refusing = async () => {
  throw Object.assign(new Error("Refused"), { retryable: false, code: "wholesale.unauthorized" });
};

function returning(customers: readonly Customer[]): ReplyContext["wholesale"]["list"] {
  return async () => ({ customers, hasMore: false, unreadable: 0, readAt: NOW });
}

function goodPackages({ packages }: Customer): Customer["packages"] {
  return packages.map((one) => ({ ...one, status: "provisioned" }));
}
