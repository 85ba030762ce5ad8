import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { EVENTS, FAULTS } from "../src/domain/log-events.ts";

const ROOT = resolve(import.meta.dirname, "..");
const PAGE = readFileSync(join(ROOT, "docs/operate.md"), "utf8").split("## Logs")[1] ?? "";

/** The rows of the tables of events: their cells. */
const ROWS = [...PAGE.matchAll(/^\| `([a-z_]+\.[a-z_]+)` \|(.*)\|$/gm)].map(([, event = "", cells = ""]) => ({
  event,
  cells: cells.split(" | ").map((cell) => cell.trim()),
}));

const SOURCES = readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts") && !/^sandbox|log-events/.test(path))
  .map((path) => readFileSync(join(ROOT, "src", path), "utf8"))
  .join("\n");

const FAULT_EVENTS = Object.keys(FAULTS) as readonly (keyof typeof FAULTS)[];

/** A loop that is named `tidy` logs `tidy.failed`, and who watches the calls to `webex` logs `webex.retry`. */
const isLogged = (event: string) => {
  const subject = event.split(".")[0];
  const ways = [`"${event}"`, `name: "${subject}"`, `watchCalls("${subject}"`];
  return ways.some((way) => SOURCES.includes(way));
};

test("docs/operate.md has a row for each event that the bot logs, and for no other", () => {
  expect(ROWS.map(({ event }) => event).toSorted()).toEqual([...EVENTS, ...FAULT_EVENTS].toSorted());
});

test("each row says what the event means and what to do, and of a fault with what it is over", () => {
  for (const { event, cells } of ROWS) {
    const isFault = event in FAULTS;
    expect([event, cells.length]).toEqual([event, isFault ? 3 : 2]);
    expect(cells.filter((cell) => cell.length < 3)).toEqual([]);
    if (isFault) expect(cells[2]).toBe(`\`${FAULTS[event as keyof typeof FAULTS].over}\``);
  }
});

test("every listed event is logged somewhere; the compiler sees to the reverse", () => {
  expect([...EVENTS, ...FAULT_EVENTS].filter((event) => !isLogged(event))).toEqual([]);
});

test("names are used once: an event is a fault, an end or neither", () => {
  const all = [...EVENTS, ...FAULT_EVENTS, ...FAULT_EVENTS.map((fault) => FAULTS[fault].over)];
  expect(all.filter((event, at) => all.indexOf(event) !== at)).toEqual([]);
  expect(all.filter((event) => !/^[a-z_]+\.[a-z_]+$/.test(event))).toEqual([]);
});
