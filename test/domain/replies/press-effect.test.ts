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
const open = (value: string): Command => ({ name: "customer", ref: { by: "id", value }, fresh: false });

const LIST = postedCardOf("customers", { command: "customers", senderId: "vera", shownAt: T });

const press = (command: Command, at: number, senderId = "vera") => ({ command, senderId, at });

test("another page replaces the list", () => {
  expect(effectOf(press(page(2), T + 1000), LIST)).toBe("replace");
});

test("the second of two quick presses on Next is answered already", () => {
  const next = { ...LIST, command: "customers page=2", shownAt: T + 500 };
  expect(effectOf(press(page(2), T + 300), next)).toBe("already");
});

test("the same holds when two people press Next at once", () => {
  const next = { ...LIST, command: "customers page=2", shownAt: T + 500 };
  expect(effectOf(press(page(2), T + 400, "bob"), next)).toBe("already");
});

test("Refresh asks again, unless it was pressed before the card was last refreshed", () => {
  expect(effectOf(press(page(1, true), T + 1), LIST)).toBe("replace");
  expect(effectOf(press(page(1, true), T - 1), LIST)).toBe("already");
});

test("opening a customer keeps the list", () => {
  expect(effectOf(press(open("c1"), T + 1000), LIST)).toBe("beside");
});

test("an unknown card is treated as a list", () => {
  const unknown: PostedCard = { ...LIST, kind: "unknown", command: "" };
  expect(effectOf(press(page(2), T + 1), unknown)).toBe("replace");
  expect(effectOf(press(open("c1"), T + 1), unknown)).toBe("beside");
});

test("a double press on Open opens once, two customers one after the other open both", () => {
  const opened = { ...LIST, lastPress: { command: "customer customer=c1", senderId: "vera", at: T + 1000 } };
  expect(effectOf(press(open("c1"), T + 1200), opened)).toBe("already");
  expect(effectOf(press(open("c2"), T + 1200), opened)).toBe("beside");
  expect(effectOf(press(open("c1"), T + 1200, "bob"), opened)).toBe("beside");
  expect(effectOf(press(open("c1"), T + 60_000), opened)).toBe("beside");
});

test("the help card stays, a notice and the card of a customer are replaced", () => {
  expect(effectOf(press(page(1), T + 1), { ...LIST, kind: "help", command: "help" })).toBe("beside");
  expect(effectOf(press(page(1), T + 1), { ...LIST, kind: "notice", command: "" })).toBe("replace");
  expect(effectOf(press(page(1), T + 1), { ...LIST, kind: "customer", command: "customer 3" })).toBe("replace");
});

test("a file never replaces a card, not even the notice that offered it", () => {
  const file: Command = { name: "export", filter: [] };
  expect(effectOf(press(file, T + 1), { ...LIST, kind: "summary", command: "summary" })).toBe("beside");
  expect(effectOf(press(file, T + 1), { ...LIST, kind: "notice", command: "export" })).toBe("beside");
});

test("a summary and a history are replaced by their refresh only", () => {
  const summary = { ...LIST, kind: "summary", command: "summary" } as const;
  expect(effectOf(press({ name: "summary", filter: [] }, T + 1), summary)).toBe("replace");
  expect(effectOf(press(page(1), T + 1), summary)).toBe("beside");
  const history = { ...LIST, kind: "history", command: "changes" } as const;
  expect(effectOf(press({ name: "changes", since: 86_400_000 }, T + 1), history)).toBe("replace");
  expect(effectOf(press(open("c1"), T + 1), history)).toBe("beside");
});

test("a card of alerts is replaced by an acknowledgement or a mute only", () => {
  const ack: Command = { name: "ack", alerts: [1042] };
  for (const kind of ["alert", "alerts", "storm"] as const) {
    const card = { ...LIST, kind, command: "" };
    expect(effectOf(press(ack, T + 1), card)).toBe("replace");
    expect(effectOf(press(open("c1"), T + 1), card)).toBe("beside");
    expect(effectOf(press({ name: "alerts", filter: [], page: 1 }, T + 1), card)).toBe("beside");
  }
});

test("another page replaces the list of alerts that answers a command", () => {
  const list = { ...LIST, kind: "alerts", command: "alerts" } as const;
  expect(effectOf(press({ name: "alerts", filter: [], page: 2 }, T + 1), list)).toBe("replace");
  expect(effectOf(press({ name: "verify" }, T + 1), list)).toBe("beside");
});
