import { expect, onTestFinished, test } from "vitest";
import { createReplyDelivery } from "../../src/bot/reply-delivery.ts";
import { createUnderWay } from "../../src/bot/under-way.ts";
import { csvReply } from "../../src/domain/replies/csv-file.ts";
import { clockOf, UTC, writeTimes } from "../../src/domain/views/time-mark.ts";
import { createHttp } from "../../src/http.ts";
import { createWebexApi } from "../../src/webex/api.ts";
import { onFile, type TestDatabase } from "../support/databases.ts";
import { type ReceivedRequest, type ScriptedResponse, startLoopback } from "../support/loopback.ts";
import { openGate } from "../support/open-gate.ts";
import { NO_SECRETS } from "../support/secrets.ts";
import { MINUTE } from "../support/time.ts";
import { until } from "../support/until.ts";

const T = Date.parse("2026-11-23T15:00:00Z");
const ROOM = "r1";
const POSTED: ScriptedResponse = {
  json: { id: "posted", roomId: ROOM, personId: "bot", created: new Date(T).toISOString() },
};
const SILENT = { info() {}, warn() {}, error() {} };

/** An event that is being answered, on a clock that the test puts forward. `answer` is what Webex says to a call. */
async function begin(database: TestDatabase, answer: (call: ReceivedRequest) => ScriptedResponse = () => POSTED) {
  const { inbox, cards } = await database.open();
  await inbox.add({ idempotencyKey: "1", roomId: ROOM, resource: "messages", event: "created", body: "{}" }, T);
  const { id = 0 } = (await inbox.claim("first", T, MINUTE)) ?? {};
  const webex = await startLoopback(answer);
  const http = createHttp({ secrets: NO_SECRETS, baseUrl: webex.url, connections: 2, timeoutMs: 60_000, retries: 0 });
  onTestFinished(() => http.close());
  const render = (view: { title?: string; lines?: readonly string[] }) => ({
    card: {},
    text: writeTimes([view.title, ...(view.lines ?? [])].join("\n"), clockOf(UTC)),
  });
  const gate = openGate({
    api: createWebexApi(http, "token"),
    log: SILENT,
    zoneOf: async () => undefined,
    render: (view) => render(view as object),
    lint: () => ["text alone"],
  });
  let now = T;
  let sleepers: (() => void)[] = [];
  const sleep = () => new Promise<void>((resolve) => void sleepers.push(resolve));
  const clock = () => now;
  const underWay = createUnderWay({ gate, inbox, log: SILENT, clock, sleep });
  /** How many wait for the clock. */
  const waiting = () => sleepers.length;
  const forward = async (ms: number): Promise<void> => {
    now += ms;
    const woken = sleepers;
    sleepers = [];
    for (const wake of woken) wake();
    await new Promise(setImmediate);
  };
  const calls = () => webex.requests.map(({ method, path }) => `${method} ${path}`);
  const texts = () => webex.requests.map(({ body }) => body);
  const awaited = { eventId: id, place: { roomId: ROOM }, command: "customers status=error", since: T };
  return { id, inbox, cards, gate, underWay, awaited, forward, waiting, calls, texts, clock };
}

onFile((database) => {
  test("an answer that comes at once posts nothing, and many at once wait for one timer", async () => {
    const { underWay, awaited, forward, waiting, calls } = await begin(database);
    const ends = Array.from({ length: 50 }, () => underWay.await(awaited));
    expect(waiting()).toBe(1);
    for (const end of ends) expect(await end()).toBeUndefined();
    await forward(3_000);
    expect([waiting(), calls()]).toEqual([0, []]);
  });

  test("an answer that is late is shown to be under way, once, and a later try knows the message", async () => {
    const { id, inbox, underWay, awaited, forward, calls, texts } = await begin(database);
    const end = underWay.await(awaited);
    await forward(1_900);
    expect(calls()).toEqual([]);
    for (const ms of [200, 500, 500]) await forward(ms);
    expect(await end()).toMatchObject({ messageId: "posted", roomId: ROOM });
    expect(calls()).toEqual(["POST /messages"]);
    expect(texts()[0]).toContain("Working on “customers status=error”");
    expect(texts()[0]).toContain("15:15");
    await inbox.postpone(id, "first", T, { code: "http.timeout", since: T });
    expect(await inbox.claim("second", T, MINUTE)).toMatchObject({ id, underWay: "posted" });
  });

  test("where Webex does not take it, the answer is a message of its own", async () => {
    const { underWay, awaited, forward } = await begin(database, () => ({ status: 400 }));
    const end = underWay.await(awaited);
    await forward(2_000);
    expect(await end()).toBeUndefined();
  });

  test("a question that is given up is no longer under way, whoever gives it up", async () => {
    const { id, inbox, underWay, calls, texts } = await begin(database);
    const event = { id, roomId: ROOM };
    await underWay.giveUp(event);
    expect(calls()).toEqual([]);
    await inbox.recordUnderWay(id, "posted");
    await underWay.giveUp(event);
    expect(calls()).toEqual(["PUT /messages/posted"]);
    expect(texts()[0]).toContain("was not answered");
  });

  /** Sends a file of three rows, of which the last comes when `release` is called. */
  async function send(answerFile: ScriptedResponse = POSTED) {
    const isFile = ({ headers }: ReceivedRequest) => String(headers["content-type"]).startsWith("multipart/");
    const begun = await begin(database, (call) => (isFile(call) ? answerFile : POSTED));
    const { cards, gate, underWay, clock, id } = begun;
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    onTestFinished(() => release());
    let read = 0;
    async function* rows() {
      for (const row of ["a", "b"]) {
        read += 1;
        yield row;
      }
      await released;
      yield "c";
    }
    async function* write(all: AsyncIterable<string>) {
      for await (const row of all) yield Buffer.from(row);
    }
    const reply = csvReply({
      title: "3 customers",
      about: [],
      buttons: [],
      name: "customers.csv",
      total: 3,
      noun: "customer",
      rows,
      write,
      clock,
    });
    const alerts = {
      alertsOnCard: async () => undefined,
      reservePressEdit: async () => true,
      recordPressEdit: async () => undefined,
    };
    const parts = { cards, alerts, gate, underWay, lookUpCard: async () => undefined, clock, log: SILENT };
    const delivered = createReplyDelivery(parts).deliver(reply, {
      request: { senderId: "vera", at: T },
      target: { place: { roomId: ROOM } },
      command: "export",
      shown: "no customers",
      replaces: false,
      eventId: id,
    });
    await until(() => expect(read).toBe(2));
    return { ...begun, release: () => release(), delivered };
  }

  test("a file that takes long says how far it is, and then that it is there", async () => {
    const { id, inbox, forward, release, delivered, calls, texts } = await send();
    for (let n = 0; n < 6; n += 1) await forward(500);
    await until(() => expect(calls()).toContain("PUT /messages/posted"));
    expect(texts().join()).toContain("2 of 3 customers at 15:00");
    expect(await inbox.underWay(id)).toBe("posted");
    release();
    expect(await delivered).toMatchObject({ cards: [{ card: { edits: 2 } }] });
    expect(calls().filter((call) => call === "POST /messages")).toHaveLength(2);
    expect(texts().at(-1)).toContain("The file is below.");
  });

  test("a file that is refused after a while is not said to follow", async () => {
    const { forward, release, delivered, texts } = await send({ status: 400 });
    for (let n = 0; n < 6; n += 1) await forward(500);
    release();
    await delivered;
    expect(texts().at(-1)).toContain("There is no file");
  });

  test("a file that comes at once edits nothing", async () => {
    const { release, delivered, calls } = await send();
    release();
    expect(await delivered).toMatchObject({ cards: [{ card: { edits: 0 } }] });
    expect(calls()).toEqual(["POST /messages", "POST /messages"]);
  });
});
