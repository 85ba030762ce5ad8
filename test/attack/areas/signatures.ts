import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { gzipSync } from "node:zlib";
import { type Arena, sign } from "../arena.ts";
import { type Area, forEach } from "../attack.ts";

interface Forgery {
  readonly body?: string | Buffer;
  readonly headers?: (body: string | Buffer) => Record<string, string>;
}

let count = 0;
/** An event about a message that never was: whoever believes it asks Webex for that message. */
const event = (): string => {
  count += 1;
  const data = { id: `forged-${count}`, roomId: `room-${count}`, personId: "somebody" };
  return JSON.stringify({ resource: "messages", event: "created", data });
};

const signed = (value: (body: string | Buffer) => string) => (body: string | Buffer) => ({
  "x-spark-signature": value(body),
});
const OTHER_HEADERS = ["x-hub-signature", "x-webex-signature", "signature", "x-spark-signature-256", "authorization"];

const FORGERIES: Readonly<Record<string, Forgery>> = {
  "no signature": { headers: () => ({}) },
  "an empty signature": { headers: signed(() => "") },
  "a blank signature": { headers: signed(() => "   ") },
  "a signature of zeros": { headers: signed(() => "0".repeat(40)) },
  "the signature of another body": { headers: signed(() => sign(event())) },
  "the signature of the same body with a space behind": { headers: signed((body) => sign(`${body} `)) },
  "the signature under an empty secret": {
    headers: signed((body) => createHmac("sha1", "").update(body).digest("hex")),
  },
  "the signature under the word undefined": { headers: signed((body) => sign(body, "undefined")) },
  "the signature under half of the secret": { headers: signed((body) => sign(body, "sandbox-webhook")) },
  "SHA-256 in the place of SHA-1": { headers: signed((body) => sign(body, undefined, "sha256")) },
  "SHA-512 in the place of SHA-1": { headers: signed((body) => sign(body, undefined, "sha512")) },
  "MD5 in the place of SHA-1": { headers: signed((body) => sign(body, undefined, "md5")) },
  "the signature with the prefix sha1=": { headers: signed((body) => `sha1=${sign(body)}`) },
  "the signature with 0x before it": { headers: signed((body) => `0x${sign(body)}`) },
  "the signature twice, with a comma": { headers: signed((body) => `${sign(body)}, ${sign(body)}`) },
  "a good signature behind a bad one": { headers: signed((body) => `${"0".repeat(40)},${sign(body)}`) },
  "the signature cut to 39 digits": { headers: signed((body) => sign(body).slice(0, 39)) },
  "the signature with one digit more": { headers: signed((body) => `${sign(body)}0`) },
  "the signature with one digit changed": {
    headers: signed((body) => sign(body).replace(/.$/, (last) => (last === "0" ? "1" : "0"))),
  },
  "the signature in Base64": {
    headers: signed((body) => createHmac("sha1", "sandbox-webhook-secret").update(body).digest("base64")),
  },
  "the signature backwards": { headers: signed((body) => [...sign(body)].reverse().join("")) },
  "the secret itself as the signature": { headers: signed(() => "sandbox-webhook-secret") },
  "a signature with a wild card": { headers: signed(() => "*") },
  "a body compressed with gzip, the signature over the plain text": {
    body: gzipSync(event()),
    headers: () => ({ "x-spark-signature": sign(event()), "content-encoding": "gzip" }),
  },
  "a body with a byte order mark, the signature without it": {
    body: `\ufeff${event()}`,
    headers: (body) => ({ "x-spark-signature": sign(String(body).slice(1)) }),
  },
  "a body in UTF-16, the signature over UTF-8": {
    body: Buffer.from(event(), "utf16le"),
    headers: (body) => ({ "x-spark-signature": sign(Buffer.from(body).toString("utf16le")) }),
  },
  "an empty body with the signature of nothing, under another secret": {
    body: "",
    headers: signed((body) => sign(body, "x")),
  },
  ...Object.fromEntries(
    OTHER_HEADERS.map((name) => [
      `the signature in the header ${name}`,
      { headers: (body: string | Buffer) => ({ [name]: sign(body) }) },
    ]),
  ),
  "the address of this machine in X-Forwarded-For": {
    headers: () => ({ "x-forwarded-for": "127.0.0.1", "x-real-ip": "127.0.0.1", forwarded: "for=127.0.0.1" }),
  },
  "another method in X-HTTP-Method-Override": { headers: () => ({ "x-http-method-override": "GET" }) },
  "another address in X-Original-URL": {
    headers: () => ({ "x-original-url": "/healthz", "x-rewrite-url": "/healthz" }),
  },
};

async function tryForgery({ body = event(), headers = () => ({}) }: Forgery, arena: Arena): Promise<void> {
  const { status } = await arena.deliver(body, headers(body));
  assert.ok(status === 401 || status === 415, `It was answered ${status}.`);
}

export const signatures: Area = {
  name: "signatures",
  judged: "the answer is 401, and the bot asks Webex for none of the forged messages",
  attacks: async () => [
    ...forEach(FORGERIES, tryForgery),
    {
      name: "all of them together leave nothing to answer",
      async run(arena) {
        await arena.waitForQuickPolls();
        const asked = arena.proxy.calls.filter(({ path }) => path.includes("forged-"));
        assert.deepEqual(
          asked.map(({ path }) => path),
          [],
        );
      },
    },
  ],
};
