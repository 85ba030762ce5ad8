import { expect, test } from "vitest";
import { createStatusReader, parseStatusPage } from "../../src/webex/status-page.ts";
import { everyFault } from "../support/logs.ts";

const NOW = Date.parse("2026-11-23T15:00:00Z");
const at = (time: string) => Date.parse(`2026-11-23T${time}:00Z`);

/** As status.webex.com/index.json writes them, without what the bot does not read. */
const INCIDENT = {
  name: "Calling: some users cannot place calls",
  status: "monitoring",
  commercial: true,
  fedRAMP: false,
  resolved_at: null,
  created_at: "2026-11-23T13:20:00.000Z",
  start_at: "2026-11-23T13:20:00.000Z",
  end_at: "2026-11-23T13:20:00.000Z",
  components: [{ name: "Webex Calling", status: "degraded_performance" }],
};
const MAINTENANCE = {
  name: "Webex Calling upgrade",
  status: "In Progress",
  start_at: "2026-11-23T14:00:00.000Z",
  end_at: "2026-11-23T16:00:00.000Z",
  components: [{ name: "Webex Calling" }],
};

test("index.json: what is on, maintenances first; an incident has no end while it lasts", () => {
  const page = { status: { indicator: "yellow" }, incidents: [INCIDENT], scheduled_maintenances: [MAINTENANCE] };
  expect(parseStatusPage(page, NOW)).toEqual([
    {
      kind: "maintenance",
      name: "Webex Calling upgrade",
      components: ["Webex Calling"],
      status: "in_progress",
      since: at("14:00"),
      until: at("16:00"),
    },
    {
      kind: "incident",
      name: "Calling: some users cannot place calls",
      components: ["Webex Calling"],
      status: "monitoring",
      since: at("13:20"),
    },
  ]);
});

test("the form of Statuspage, and documents with one of the lists", () => {
  const maintenance = {
    name: "Upgrade",
    status: "scheduled",
    scheduled_for: "2026-11-23T14:00:00Z",
    scheduled_until: "2026-11-23T16:00:00Z",
  };
  const during = parseStatusPage({ scheduled_maintenances: [maintenance] }, NOW);
  expect(during).toMatchObject([{ kind: "maintenance", since: at("14:00"), until: at("16:00") }]);
  expect(parseStatusPage({ scheduled_maintenances: [maintenance] }, at("13:00"))).toEqual([]);
  const incident = { name: "Down", status: "investigating", started_at: "2026-11-23T14:00:00Z" };
  expect(parseStatusPage({ page: {}, incidents: [incident] }, NOW)).toMatchObject([{ since: at("14:00") }]);
});

test("what is over, of another cloud, or not understood is left out, and the rest is read", () => {
  const incidents = [
    { ...INCIDENT, status: "resolved" },
    { ...INCIDENT, resolved_at: "2026-11-23T14:00:00Z" },
    { ...INCIDENT, commercial: false, fedRAMP: true },
    { ...INCIDENT, name: null },
    null,
    7,
    { name: "x".repeat(5_000), status: 7, components: "all", start_at: "soon" },
  ];
  const found = parseStatusPage({ incidents }, NOW);
  expect(found).toEqual([{ kind: "incident", name: "x".repeat(200), components: [], status: "" }]);
  for (const odd of [undefined, null, [], "ok", {}, { incidents: 7 }])
    expect(parseStatusPage(odd, NOW)).toBeUndefined();
});

test("a failed reading keeps what was read before, and says why", async () => {
  const answers = [
    { status: 200, json: { incidents: [INCIDENT], scheduled_maintenances: [] } },
    { status: 503, json: undefined },
    { status: 200, json: "<html>" },
  ];
  const request = async () => {
    const { status, json } = answers.shift() ?? { status: 500, json: undefined };
    return { status, headers: {}, json: () => json, hasNext: false };
  };
  const counts: unknown[] = [];
  const lines: unknown[] = [];
  const note = (event: string, fields = {}) => void lines.push({ event, ...fields });
  const log = everyFault({ info: note, warn: note, error: note });
  const meter = { webexStatus: (on: unknown) => void counts.push(on) };
  const reader = createStatusReader({
    http: { request },
    url: "https://status.example.com/index.json",
    meter,
    clock: () => NOW,
    log,
  });
  expect(reader.current()).toBeUndefined();
  await reader.read();
  await expect(reader.read()).rejects.toMatchObject({ code: "webex_status.refused" });
  await expect(reader.read()).rejects.toMatchObject({ code: "webex_status.unreadable" });
  expect(reader.current()).toMatchObject({ readAt: NOW, events: [{ kind: "incident" }] });
  expect(counts).toEqual([{ incidents: 1, maintenances: 0 }]);
  expect(lines).toMatchObject([{ event: "webex_status.changed", incidents: 1 }]);
});
