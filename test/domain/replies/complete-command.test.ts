import { expect, test } from "vitest";
import { format } from "../../../src/domain/commands/format.ts";
import { parseFormatted } from "../../../src/domain/commands/parse.ts";
import type { PostedCard } from "../../../src/domain/ports/messaging.ts";
import { completeCommand } from "../../../src/domain/replies/complete-command.ts";
import { replyTurn } from "../../../src/domain/replies/turn.ts";
import { alertOf, customerOf, notifiedOf, postedCardOf, type ReplySituation, replyContext } from "./reply-context.ts";

const ALERT = alertOf(1042, customerOf("Contoso"));
const OTHER = alertOf(1043, customerOf("Fabrikam"));

const rowOf = (row: number) => ({ row, customerId: `id-${row}`, title: `Customer ${row}` });
const listOf = (command: string, first = 1) =>
  postedCardOf("customers", { command, rows: [rowOf(first), rowOf(first + 1)] });
const ONE = postedCardOf("customer", { command: "customer 7", rows: [{ ...rowOf(1), customerId: "id-7" }] });

interface Seen extends ReplySituation {
  readonly thread?: readonly PostedCard[];
  readonly space?: readonly PostedCard[];
  /** What the snapshot holds: `code=2560`. */
  readonly known?: readonly string[];
}

async function completed(text: string, { thread = [], space = [], known = [], ...situation }: Seen = {}) {
  const context = replyContext(situation);
  const records = [{ customer: customerOf("Contoso"), firstSeenAt: 0, changedAt: 0, since: {} }];
  const command = parseFormatted(text);
  if (command === undefined) throw new Error(`“${text}” is no command`);
  const full = await completeCommand(command, {
    ...context,
    snapshot: {
      ...context.snapshot,
      async find(_scope, { filter }) {
        const isKnown = filter.some(({ field, values }) => known.includes(`${field}=${values[0]?.text}`));
        return isKnown ? { records, total: 1 } : { records: [], total: 0 };
      },
    },
    lastList: async () => space.find(({ kind }) => kind === "customers"),
    inView: async () => ({ thread, space }),
  });
  return format(full);
}

const shown = (...alerts: readonly (typeof ALERT)[]) =>
  alerts.map((alert) => ({ alert, notified: notifiedOf(alert.id) }));

const ROOT = postedCardOf("alert");

test.each([
  ["next", "customers status=error page=3"],
  ["prev", "customers status=error"],
  ["refresh", "customers status=error page=2 fresh=yes"],
  ["back", "customers status=error"],
  ["page 3", "customers status=error page=3"],
  ["page=1", "customers status=error"],
])("%s acts on the list that was seen last, with its filter", async (text, canonical) => {
  expect(await completed(text, { space: [listOf("customers status=error page=2"), listOf("customers")] })).toBe(
    canonical,
  );
});

test("any list has pages, and the first page has none before it", async () => {
  const alerts = postedCardOf("alerts", { command: "alerts country=DE" });
  expect(await completed("next", { space: [alerts] })).toBe("alerts country=DE page=2");
  expect(await completed("prev", { space: [alerts] })).toBe("alerts country=DE");
  expect(await completed("page 4", { space: [ONE, alerts, listOf("customers")] })).toBe("alerts country=DE page=4");
});

test("back from a customer is the list as it was, and refresh is the customer", async () => {
  const space = [ONE, listOf("customers country=DE page=2")];
  expect(await completed("back", { space })).toBe("customers country=DE page=2");
  expect(await completed("refresh", { space })).toBe("customer 7 fresh=yes");
  expect(await completed("next", { space })).toBe("customers country=DE page=3");
});

test("without a list a page is no command of itself, and the answer says which command to use", async () => {
  expect(await completed("page 3", { space: [ONE] })).toBe("page 3");
  expect(replyTurn({ name: "turn", to: 3 }).view).toMatchObject({
    title: "There is no list in this space yet",
    lines: ["“page 3” turns the list that you last saw here. For page 3 of all customers write “customers page=3”."],
    buttons: [{ command: "customers page=3" }, { command: "errors" }],
  });
});

test("what changes something is not done again by refresh", async () => {
  const space = [postedCardOf("notice", { command: "ack 12" }), listOf("customers")];
  expect(await completed("refresh", { space })).toBe("customers fresh=yes");
  expect(await completed("refresh")).toBe("refresh");
});

test("a list in the thread comes before the newest in the space", async () => {
  const situation = { thread: [listOf("customers acme")], space: [listOf("customers")] };
  expect(await completed("next", situation)).toBe("customers acme page=2");
});

test.each([
  ["ack", "ack 1042"],
  ['ack note="on it"', 'ack 1042 note="on it"'],
  ["unack", "unack 1042"],
  ["mute for=2h", 'mute alert=1042 for=2h because="muted in its thread"'],
  ['mute for=2h because="x"', 'mute alert=1042 for=2h because="x"'],
  ["alert", "alert 1042"],
  ["customer", "customer customer=Contoso"],
  ["history", "history customer=Contoso"],
  ["follow", "follow customer=Contoso"],
  ["unfollow", "unfollow customer=Contoso"],
])("in the thread of an alert “%s” is “%s”", async (text, canonical) => {
  expect(await completed(text, { thread: [ROOT], shown: shown(ALERT), space: [ONE] })).toBe(canonical);
  expect(await completed(text, { thread: [listOf("customers"), ROOT], shown: shown(ALERT) })).toBe(
    /customer|history|follow/.test(text) ? text : canonical,
  );
});

test("an answer to “alert 1042” is about it as well", async () => {
  const thread = [postedCardOf("alert", { command: "alert 1042" })];
  expect(await completed("ack", { thread, alerts: [ALERT] })).toBe("ack 1042");
});

test("outside a thread no alert is meant, whatever was seen", async () => {
  const space = [postedCardOf("alert", { command: "alert 1042" })];
  expect(await completed("ack", { space, alerts: [ALERT] })).toBe("ack");
  expect(await completed("mute for=2h", { space, alerts: [ALERT] })).toBe("mute for=2h");
  expect(await completed("alert", { space, alerts: [ALERT] })).toBe("alert");
});

test("in the thread of several alerts, ack takes all and the others ask", async () => {
  const situation = { thread: [ROOT], shown: shown(ALERT, OTHER) };
  expect(await completed("ack", situation)).toBe("ack 1042,1043");
  expect(await completed("mute for=2h", situation)).toBe("mute for=2h");
  expect(await completed("history", situation)).toBe("history");
  expect(await completed("alert", situation)).toBe("alert");
});

test("under the card of a customer, that customer is meant", async () => {
  expect(await completed("history", { space: [ONE] })).toBe("history customer=id-7");
  expect(await completed("follow", { thread: [ONE], space: [listOf("customers")] })).toBe("follow customer=id-7");
  expect(await completed("history", { space: [listOf("customers"), ONE] })).toBe("history");
  expect(await completed("history 3", { space: [ONE] })).toBe("history 3");
});

test("a number is a row on show, an external id, a code, a zip or an alert, in that order", async () => {
  const known = ["externalId=11", "code=11", "zip=11"];
  expect(await completed("11", { space: [listOf("customers page=2", 11)], known })).toBe("customer 11");
  expect(await completed("11", { space: [listOf("customers")], known })).toBe("customer externalId=11");
  expect(await completed("11", { known: known.slice(1) })).toBe("customers code=11");
  expect(await completed("11", { known: known.slice(2) })).toBe("customers zip=11");
  expect(await completed("11", { space: [listOf("customers")] })).toBe("customer 11");
  expect(await completed("1042", { known: ["zip=1042"], alerts: [ALERT] })).toBe("customers zip=1042");
  expect(await completed("1042", { alerts: [ALERT] })).toBe("alert 1042");
  expect(await completed("95035")).toBe("95035");
});

test("yes is what the last card offers, and nothing else", async () => {
  const preview = postedCardOf("alerts", { command: "watch country=DE", offer: "watch country=DE confirm=yes" });
  expect(await completed("yes", { space: [preview] })).toBe("watch country=DE confirm=yes");
  expect(await completed("no", { space: [preview] })).toBe("no");
  expect(await completed("yes", { space: [listOf("customers"), preview] })).toBe("yes");
});
