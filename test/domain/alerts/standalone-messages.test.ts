import { expect, test } from "vitest";
import type { Notice } from "../../../src/domain/alerts/notice.ts";
import type { WatchingRoom } from "../../../src/domain/alerts/reconcile.ts";
import { buildStandaloneMessage } from "../../../src/domain/alerts/standalone-messages.ts";
import { fieldFilter, muteOf, roomOf, watchOf } from "../../support/alert-fixtures.ts";
import { HOUR, MINUTE } from "../../support/time.ts";

const NOTICE: Notice = {
  id: 1,
  recipient: { roomId: "hq" },
  kind: "baseline",
  alertId: 0,
  generation: 0,
  queuedAt: 0,
  possiblySent: false,
  details: {},
};

/** The baseline of a space that is told of no alert, 30 minutes after its watch was set up. */
function quietBaseline(room: Partial<WatchingRoom>) {
  const { view } = buildStandaloneMessage(
    NOTICE,
    {
      recipient: NOTICE.recipient,
      form: "standalone",
      notices: [NOTICE],
      alerts: [],
      notified: [],
      room: roomOf(room),
      queue: {},
      customerCount: 250,
      holder: "a",
      leasedUntil: HOUR,
    },
    { marks: {}, now: 30 * MINUTE },
  );
  if (view.kind !== "notice") throw new Error("no notice");
  return { title: view.title, first: view.lines.at(0) };
}

const FRANCE = watchOf({ filter: fieldFilter("country", "FR") });

test("the baseline of a space that watches everything says that no customer is in error (ALERTS 15)", () => {
  const all = { title: "Watching 250 customers", first: "None of them is in error." };
  expect(quietBaseline({})).toEqual(all);
  expect(quietBaseline({ watches: [FRANCE, watchOf({ number: 2 })] })).toEqual(all);
  expect(quietBaseline({ mutes: [muteOf({ until: MINUTE })] })).toEqual(all);
});

test("the baseline of a filtered watch or a muted space says nothing of the customers that are left out (ALERTS 15)", () => {
  const first = "Nothing that this space is alerted about is in error.";
  expect(quietBaseline({ watches: [FRANCE] })).toEqual({ title: "Watching 250 customers, filtered", first });
  expect(quietBaseline({ mutes: [muteOf()] })).toEqual({ title: "Watching 250 customers", first });
});
