import { expect, test } from "vitest";
import { customerOf } from "../support/alert-fixtures.ts";
import { onEveryDatabase } from "../support/databases.ts";
import { MINUTE } from "../support/time.ts";
import { ackChange } from "./alert-fixtures.ts";
import { openEngineHarness } from "./engine-harness.ts";

/** Cards that show an alert as healing, of which nobody is told when it is in error again (ALERTS 11, g). */

const acme = (status: string) => customerOf("acme", { calling: status });
const globex = (status: string) => customerOf("globex", { calling: status });
const [GOOD, BAD, MOVING] = ["provisioned", "error", "provisioning"];

onEveryDatabase((database) => {
  /** A room that was told of an alert by the message `m2`. */
  async function afterAlert() {
    const store = await database.open();
    const harness = openEngineHarness(store);
    await harness.sweep([acme(GOOD), globex(GOOD)]);
    await harness.watch("hq");
    await harness.deliver();
    await harness.recordPage([acme(BAD)]);
    await harness.wait(MINUTE);
    await harness.deliver();
    const claimEdit = () => store.outbox.claimEdit(harness.clock.now, MINUTE);
    return {
      ...harness,
      claimEdit,
      /** Makes the edits that are due; returns each as the message and the states in which it shows its alerts. */
      async edit() {
        const states = [];
        for (let edit = await claimEdit(); edit !== undefined; edit = await claimEdit()) {
          states.push(`${edit.messageId} ${edit.shown.map(({ alert }) => alert.state).join()}`);
          await store.outbox.recordEdit(edit, "shown", harness.clock.now);
        }
        return states;
      },
    };
  }

  test.each([
    { seen: "in error", status: BAD },
    { seen: "moving", status: MOVING },
  ])(
    "ALERTS 11, 30: a card that was edited while its alert healed is edited when it is $seen again",
    async ({ status }) => {
      const { change, edit, quickPoll, deliver } = await afterAlert();
      await quickPoll([acme(GOOD)]);
      await change("hq", ackChange("ada", [1]));
      expect(await edit()).toEqual(["m2 healing"]);
      await quickPoll([acme(status)]);
      expect(await deliver()).toEqual([]);
      expect(await edit()).toEqual(["m2 open"]);
      await quickPoll([acme(GOOD)]);
      await quickPoll([acme(status)]);
      expect(await edit()).toEqual([]);
    },
  );

  test("ALERTS 11, 30: an alert that returns while its card is edited owes one more edit", async () => {
    const { change, edit, claimEdit, quickPoll, store, clock } = await afterAlert();
    await quickPoll([acme(GOOD)]);
    await change("hq", ackChange("ada", [1]));
    const healing = await claimEdit();
    await quickPoll([acme(BAD)]);
    if (healing) await store.outbox.recordEdit(healing, "shown", clock.now);
    expect(await edit()).toEqual(["m2 open"]);
  });

  test("ALERTS 11, 30: a card that was pressed while its alert healed is edited when it is in error again", async () => {
    const { change, edit, quickPoll, store, clock } = await afterAlert();
    await quickPoll([acme(GOOD)]);
    await change("hq", { ...ackChange("ada", [1]), shownOn: "m2" });
    expect(await store.alerts.reservePressEdit("m2")).toBe(true);
    await store.alerts.recordPressEdit("m2", clock.now);
    expect(await edit()).toEqual([]);
    await quickPoll([acme(BAD)]);
    expect(await edit()).toEqual(["m2 open"]);
  });

  test.each(["before", "after"])(
    "ALERTS 11, 30: the card of a message that was made while an alert healed is edited, if it returns %s the POST",
    async (when) => {
      const { recordPage, quickPoll, wait, deliver, edit, store, clock } = await afterAlert();
      await recordPage([globex(BAD)]);
      await wait(6 * MINUTE);
      expect(await deliver()).toHaveLength(1);
      for (const status of [MOVING, BAD]) await quickPoll([acme(status), globex(status)]);
      await quickPoll([acme(GOOD), globex(BAD)]);
      await edit();
      await wait(6 * MINUTE);
      const both = await store.outbox.claim("ada", clock.now, MINUTE);
      expect(both?.alerts.map(({ state }) => state)).toEqual(["healing", "open"]);
      const returns = () => quickPoll([acme(BAD), globex(BAD)]);
      if (when === "before") await returns();
      if (both) await store.outbox.delivered(both, { messageId: "m4" }, clock.now);
      if (when === "after") {
        expect(await edit()).toEqual(["m2 healing", "m3 open"]);
        await returns();
      }
      expect(await edit()).toContain("m4 open,open");
    },
  );
});
