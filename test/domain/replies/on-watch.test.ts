import { expect, test } from "vitest";
import { replyAlerts } from "../../../src/domain/replies/alerts.ts";
import { replyCustomers } from "../../../src/domain/replies/customers.ts";
import { replyDigest, replyHandover } from "../../../src/domain/replies/digest.ts";
import { replyDrill } from "../../../src/domain/replies/drill.ts";
import { replyFollow } from "../../../src/domain/replies/follow.ts";
import { inUtc } from "../../support/in-utc.ts";
import { HOUR, MINUTE } from "../../support/time.ts";
import { alertOf, customerOf, NOW, replyContext, WATCH_ALL } from "./reply-context.ts";

const BERLIN = { time: "09:00", zone: "Europe/Berlin" };
const by = (value: string) => ({ name: "follow", ref: { by: "any", value } }) as const;

test("a customer can be followed in every status", async () => {
  const customers = [customerOf("Contoso")];
  const reply = await replyFollow(by("Contoso"), replyContext({ customers }));
  const follow = { personId: "ana", scope: "", customerId: "Contoso", title: "Contoso (Contoso)" };
  expect(reply.changes).toEqual([
    { kind: "alerting", change: { kind: "follow", follow: { ...follow, class: "bad", since: NOW } } },
  ]);
  const provisioned = [customerOf("Contoso", { status: "provisioned" })];
  expect((await replyFollow(by("Contoso"), replyContext({ customers: provisioned }))).view).toMatchObject({
    lines: ["It is provisioned now. After its next change you get one 1:1 message with the result."],
  });
});

test("an unknown customer cannot be followed", async () => {
  const reply = await replyFollow(
    { name: "follow", ref: { by: "id", value: "nobody" } },
    replyContext({ customers: [customerOf("Contoso")] }),
  );
  expect(reply).toMatchObject({
    view: {
      title: "No such customer",
      lines: [
        "The bot’s copy of all customers has none with the ID or name “nobody”. IDs are case sensitive: check every letter.",
      ],
      buttons: [{ command: "customers" }, { command: "help" }],
    },
  });
  expect(reply.changes).toBeUndefined();
});

test("a digest is confirmed with the time of the next one, shown, and ended", async () => {
  const set = await replyDigest({ name: "digest", schedule: BERLIN }, replyContext({}));
  expect(set.view).toMatchObject({ title: "Digest daily at 09:00 Europe/Berlin" });
  expect(JSON.stringify(inUtc(set.view))).toContain("The next one comes at 24 Nov, 08:00 UTC.");
  expect(set.changes).toEqual([{ kind: "alerting", change: { kind: "digest", schedule: BERLIN } }]);
  const space = replyContext({ roomState: { digest: BERLIN } });
  expect((await replyDigest({ name: "digest", schedule: "show" }, space)).changes).toBeUndefined();
  const off = await replyDigest({ name: "digest", schedule: "off" }, space);
  expect(off.changes).toEqual([{ kind: "alerting", change: { kind: "digest" } }]);
});

test("a handover has each alert that this space watches, once", async () => {
  const alerts = [alertOf(1, customerOf("Contoso")), alertOf(2, customerOf("Fabrikam"))];
  const filter = [{ field: "name", negated: false, values: [{ text: "Contoso", prefix: false }] }] as const;
  const command = { name: "handover", since: 8 * HOUR } as const;
  const watching = replyContext({ alerts, roomState: { watches: [{ ...WATCH_ALL, filter }] } });
  expect((await replyHandover(command, watching)).view).toMatchObject({
    title: "Handover: 1 package in error",
    groups: [{ title: "Opened", alerts: [{ id: 1 }] }],
  });
  expect((await replyHandover(command, replyContext({ alerts }))).view).toMatchObject({
    title: "Handover: 2 packages in error",
  });
});

test("a handover does not count as opened what was in error before the bot came (ALERTS 15)", async () => {
  const older = alertOf(1, customerOf("Contoso"), { baseline: true });
  const reopened = alertOf(2, customerOf("Fabrikam"), { baseline: true, reopenedAt: [NOW - MINUTE] });
  const { view } = await replyHandover({ name: "handover", since: HOUR }, replyContext({ alerts: [older, reopened] }));
  expect(inUtc(view)).toMatchObject({
    lines: [
      "Since 14:00 UTC: 1 opened and still open, 0 over. 1 open from before. 0 of 2 acknowledged.",
      "Oldest: alert 1, since 14:55 UTC.",
    ],
    groups: [
      { title: "Opened", alerts: [{ id: 2 }] },
      { title: "Open from before", alerts: [{ id: 1 }] },
    ],
  });
});

test("a drill is for this space alone", () => {
  expect(replyDrill().changes).toEqual([{ kind: "alerting", change: { kind: "drill" } }]);
});

test("during an outage, lists have a note, live ones too (ALERTS 31)", async () => {
  const outage = { since: NOW - 57 * MINUTE, cause: "http.timeout", notifiedCount: 1, nextNoticeAt: NOW };
  const stale = "The Wholesale API has not been readable since 14:03 UTC: what follows may be out of date.";
  const list = { name: "customers", filter: [], page: 1, max: 10, fresh: false } as const;
  expect(inUtc((await replyCustomers(list, replyContext({ outage }))).view)).toMatchObject({ notes: [stale] });
  const alerts = await replyAlerts({ name: "alerts", filter: [], page: 1 }, replyContext({ outage }));
  expect(inUtc(alerts.view)).toMatchObject({ lines: [stale] });
});
