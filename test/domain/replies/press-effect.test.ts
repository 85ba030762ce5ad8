import { expect, test } from "vitest";
import type { Command } from "../../../src/domain/commands/registry.ts";
import type { PostedCard } from "../../../src/domain/ports/messaging.ts";
import { effectOf } from "../../../src/domain/replies/press-effect.ts";
import { postedCardOf } from "./reply-context.ts";

const T = Date.parse("2026-11-23T15:00:00Z");
const page = (number: number, fresh = false): Command => ({
  name: "customers",
  filter: [],
  page: number,
  max: 10,
  fresh,
});
const alertsPage = (number: number): Command => ({ name: "alerts", filter: [], page: number });
const open = (value: string): Command => ({ name: "customer", ref: { by: "id", value }, fresh: false });
const SUMMARY: Command = { name: "summary", filter: [] };
const CHANGES: Command = { name: "changes", since: 86_400_000 };
const EXPORT: Command = { name: "export", filter: [] };

/** A card that Vera's command posted at `T`. */
const card = (kind: PostedCard["kind"], command: string, parts: Partial<PostedCard> = {}) =>
  postedCardOf(kind, { command, senderId: "vera", shownAt: T, ...parts });
const LIST = card("customers", "customers");
const SECOND_PAGE = card("customers", "customers page=2", { shownAt: T + 500 });
const OPENED = { ...LIST, lastPress: { command: "customer customer=c1", senderId: "vera", at: T + 1000 } };

const press = (command: Command, at = T + 1, senderId = "vera") => ({ command, senderId, at });

test.each([
  ["another page replaces the list", press(page(2), T + 1000), LIST, "replace"],
  ["the second of two quick presses on Next is answered already", press(page(2), T + 300), SECOND_PAGE, "already"],
  ["so is the second of two people who press Next at once", press(page(2), T + 400, "bob"), SECOND_PAGE, "already"],
  ["Refresh asks again", press(page(1, true)), LIST, "replace"],
  ["a Refresh from before the card was last refreshed does not", press(page(1, true), T - 1), LIST, "already"],
  ["opening a customer keeps the list", press(open("c1"), T + 1000), LIST, "beside"],
  ["an unknown card is replaced like a list", press(page(2)), card("unknown", ""), "replace"],
  ["an unknown card stays like a list", press(open("c1")), card("unknown", ""), "beside"],
  ["a double press on Open opens once", press(open("c1"), T + 1200), OPENED, "already"],
  ["two customers one after the other are both opened", press(open("c2"), T + 1200), OPENED, "beside"],
  ["two people open the same customer", press(open("c1"), T + 1200, "bob"), OPENED, "beside"],
  ["a customer is opened again later", press(open("c1"), T + 60_000), OPENED, "beside"],
  ["the help card stays", press(page(1)), card("help", "help"), "beside"],
  ["a notice that answered a slip is replaced", press(page(1)), card("notice", ""), "replace"],
  ["a notice that nobody asked for stays", press(alertsPage(1)), card("notice", "", { senderId: "" }), "beside"],
  ["the card of a customer is replaced", press(page(1)), card("customer", "customer 3"), "replace"],
  ["a file never replaces a card", press(EXPORT), card("summary", "summary"), "beside"],
  ["a file does not replace the notice that offered it either", press(EXPORT), card("notice", "export"), "beside"],
  ["a summary is replaced by its refresh", press(SUMMARY), card("summary", "summary"), "replace"],
  ["a summary is replaced by nothing else", press(page(1)), card("summary", "summary"), "beside"],
  ["a history is replaced by its refresh", press(CHANGES), card("history", "changes"), "replace"],
  ["a history is replaced by nothing else", press(open("c1")), card("history", "changes"), "beside"],
  ["another page replaces the list of alerts", press(alertsPage(2)), card("alerts", "alerts"), "replace"],
  ["another command keeps the list of alerts", press({ name: "verify" }), card("alerts", "alerts"), "beside"],
])("%s", (_, pressed, shown, effect) => {
  expect(effectOf(pressed, shown)).toBe(effect);
});

test.each(["alert", "alerts", "storm"] as const)(
  "a card of kind %s is replaced by an acknowledgement or a mute only",
  (kind) => {
    expect(effectOf(press({ name: "ack", alerts: [1042] }), card(kind, ""))).toBe("replace");
    expect(effectOf(press(open("c1")), card(kind, ""))).toBe("beside");
    expect(effectOf(press(alertsPage(1)), card(kind, ""))).toBe("beside");
  },
);
