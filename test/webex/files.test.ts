import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import type { OutgoingFile } from "../../src/domain/ports/messaging.ts";
import { createHttp } from "../../src/http.ts";
import { createWebexApi } from "../../src/webex/api.ts";
import { createMessenger } from "../../src/webex/messenger.ts";
import { type ReceivedRequest, type ScriptedResponse, startLoopback } from "../support/loopback.ts";
import { NO_SECRETS } from "../support/secrets.ts";

const POSTED = { id: "m1", roomId: "r1", personId: "p1", created: "2026-11-23T15:02:00.000Z" };
const quiet = { info() {}, warn() {}, error() {} };

/** A file of these chunks that counts how often it was started. */
function fileOf(...pieces: readonly (string | Uint8Array)[]) {
  const counts = { begun: 0 };
  const file: OutgoingFile = {
    name: "customers-2026-11-23.csv",
    type: "text/csv",
    async *content() {
      counts.begun += 1;
      for (const piece of pieces) yield Buffer.from(piece);
    },
  };
  return { file, counts };
}

function messengerAt(url: string) {
  const http = createHttp({
    secrets: NO_SECRETS,
    baseUrl: url,
    connections: 2,
    timeoutMs: 60_000,
    retries: 2,
    sleep: async () => {},
  });
  onTestFinished(() => http.close());
  const api = createWebexApi(http, "token");
  return createMessenger({
    api,
    log: quiet,
    zoneOf: async () => undefined,
    render: () => ({ card: {}, text: "" }),
    lint: () => [],
  });
}

async function speakTo(...answers: readonly ScriptedResponse[]) {
  const webex = await startLoopback(answers);
  return { webex, messenger: messengerAt(webex.url) };
}

async function formOf({ headers, body }: ReceivedRequest): Promise<FormData> {
  const type = String(headers["content-type"]);
  return new Response(body, { headers: { "content-type": type } }).formData();
}

test("a file goes out as a form with its text, its room and its thread", async () => {
  const { webex, messenger } = await speakTo({ json: POSTED });
  const { file } = fileOf("\uFEFFid,name\r\n", '1,"Zürich ""AG"""\r\n');
  const posted = await messenger.postFile(
    { roomId: "r1", threadId: "t1" },
    { file, text: "1 customer, as of 15:02 UTC" },
  );
  expect(posted).toEqual({ messageId: "m1", roomId: "r1", threadId: "t1", edits: 0, at: Date.parse(POSTED.created) });
  const [request] = webex.requests;
  if (request === undefined) throw new Error("nothing was sent");
  expect([request.method, request.path, request.headers.authorization]).toEqual(["POST", "/messages", "Bearer token"]);
  const form = await formOf(request);
  expect(form.get("roomId")).toBe("r1");
  expect(form.get("parentId")).toBe("t1");
  expect(form.get("text")).toBe("1 customer, as of 15:02 UTC");
  const sent = form.get("files");
  if (!(sent instanceof File)) throw new Error("no file was sent");
  expect([sent.name, sent.type]).toEqual(["customers-2026-11-23.csv", "text/csv"]);
  expect(Buffer.from(await sent.arrayBuffer()).toString()).toBe('\uFEFFid,name\r\n1,"Zürich ""AG"""\r\n');
});

test("after a 429 the file is produced anew and sent again", async () => {
  const { webex, messenger } = await speakTo({ status: 429, headers: { "retry-after": "1" } }, { json: POSTED });
  const { file, counts } = fileOf("a\r\n");
  await messenger.postFile({ roomId: "r1" }, { file, text: "1 customer" });
  expect(counts.begun).toBe(2);
  expect(webex.requests).toHaveLength(2);
});

test("an upload that broke off halfway is not sent twice: the first may have arrived", async () => {
  const { webex, messenger } = await speakTo({ fault: "hang-up" }, { json: POSTED });
  const { file } = fileOf("a\r\n");
  await expect(messenger.postFile({ roomId: "r1" }, { file, text: "1 customer" })).rejects.toMatchObject({
    code: "http.unreachable",
  });
  expect(webex.requests).toHaveLength(1);
});

test("when the thread is refused, the file is posted without it", async () => {
  const { webex, messenger } = await speakTo({ status: 404 }, { json: POSTED });
  const { file } = fileOf("a\r\n");
  await messenger.postFile({ roomId: "r1", threadId: "gone" }, { file, text: "1 customer" });
  const forms = await Promise.all(webex.requests.map(formOf));
  expect(forms.map((form) => form.get("parentId"))).toEqual(["gone", null]);
});

test("an error in producing the file is thrown as it is, not as a network failure", async () => {
  const { messenger } = await speakTo({ json: POSTED });
  const broken: OutgoingFile = {
    name: "x.csv",
    type: "text/csv",
    async *content() {
      yield Buffer.from("a\r\n");
      throw new Error("the database is gone");
    },
  };
  await expect(messenger.postFile({ roomId: "r1" }, { file: broken, text: "" })).rejects.toThrow(
    "the database is gone",
  );
});

test("a file longer than Webex accepts is refused with a hint", async () => {
  const { messenger } = await speakTo({ json: POSTED });
  const megabyte = new Uint8Array(1024 * 1024);
  const long: OutgoingFile = {
    name: "x.csv",
    type: "text/csv",
    async *content() {
      for (let piece = 0; piece <= 100; piece += 1) yield megabyte;
    },
  };
  await expect(messenger.postFile({ roomId: "r1" }, { file: long, text: "" })).rejects.toMatchObject({
    code: "webex.file_too_large",
  });
});

test("an answer that comes before the whole file was sent is an answer", async () => {
  let uploads = 0;
  let received = 0;
  const server = createServer((request, response) => {
    uploads += 1;
    if (uploads === 1) return void response.writeHead(429, { "retry-after": "1" }).end("{}");
    request.on("data", (piece: Uint8Array) => {
      received += piece.byteLength;
    });
    request.on("end", () => response.end(JSON.stringify(POSTED)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const messenger = messengerAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const megabyte = new Uint8Array(1024 * 1024);
  const { file, counts } = fileOf(...Array.from({ length: 20 }, () => megabyte));
  await messenger.postFile({ roomId: "r1" }, { file, text: "many customers" });
  expect(counts.begun).toBe(2);
  expect(received).toBeGreaterThan(20 * megabyte.byteLength);
});
