import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import fc from "fast-check";
import { inject } from "light-my-request";
import type { Store } from "../../src/domain/ports/store.ts";
import { createRequestListener } from "../../src/server/server.ts";
import { createIntake, receivingBodies } from "../../src/webex/inbound.ts";
import { verifySignature } from "../../src/webex/webhook-signature.ts";
import { nastyText } from "../domain/commands/arbitrary-parts.ts";
import { everyFault, SILENT_LOG } from "../support/logs.ts";
import { NO_METER } from "../support/meter.ts";
import { fuzzTarget } from "./target.ts";

const SECRETS = ["the-secret-of-this-webhook", "the-secret-of-before"];
const LIMIT_BYTES = 64 * 1024;

interface Delivery {
  readonly body: Buffer;
  readonly signature: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

const word = fc.oneof(
  nastyText(),
  fc.constantFrom("messages", "memberships", "rooms", "created", "deleted", "migrated"),
);

const event = fc.record(
  {
    name: word,
    resource: word,
    event: word,
    actorId: fc.oneof(word, fc.jsonValue()),
    data: fc.record(
      { id: word, roomId: fc.option(word), personId: fc.oneof(word, fc.constant("bot")), created: fc.option(word) },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
);

const deep = fc.nat(20_000).map((depth) => "[".repeat(depth) + "]".repeat(depth));
const json = fc.oneof(
  { weight: 4, arbitrary: event.map((value) => JSON.stringify(value)) },
  { weight: 2, arbitrary: fc.jsonValue().map((value) => JSON.stringify(value)) },
  { weight: 1, arbitrary: deep },
);

const body = fc.oneof(
  { weight: 8, arbitrary: json.map((text) => Buffer.from(text)) },
  { weight: 2, arbitrary: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)) },
  { weight: 1, arbitrary: fc.integer({ min: -2, max: 2 }).map((more) => Buffer.alloc(LIMIT_BYTES + more, " ")) },
);

const sign = (bytes: Buffer, secret: string) => createHmac("sha1", secret).update(bytes).digest("hex");

const headerValue = fc.string({ unit: fc.constantFrom(..."abcXYZ019 ,;=/\"'-_"), maxLength: 40 });
const hex = fc.string({ unit: fc.constantFrom(..."0123456789abcdefABCDEF"), minLength: 38, maxLength: 42 });
const headers = fc.dictionary(
  fc.constantFrom("content-type", "content-encoding", "accept", "x-forwarded-for", "authorization", "cookie"),
  headerValue,
);

const delivery: fc.Arbitrary<Delivery> = fc
  .record({ body, headers, by: fc.nat(4), forged: fc.oneof(hex, headerValue) })
  .map(({ by, forged, ...one }) => ({ ...one, signature: signatureOf(one.body, by, forged) }));

/** Of one secret, of the other, of another body, invented, or none. */
function signatureOf(bytes: Buffer, by: number, forged: string): string | undefined {
  const choices = [
    () => sign(bytes, SECRETS[0] ?? ""),
    () => sign(bytes, SECRETS[1] ?? ""),
    () => sign(Buffer.concat([bytes, Buffer.from(" ")]), SECRETS[0] ?? ""),
    () => forged,
    () => undefined,
  ];
  return choices[by]?.();
}

/** The real route; it stores in memory. */
function createRoute() {
  const kept = new Map<string, string>();
  const forgotten: string[] = [];
  const errors: unknown[] = [];
  const inbox = {
    add: async ({ idempotencyKey, body: text }: { idempotencyKey: string; body: string }) => {
      if (kept.has(idempotencyKey)) return false;
      kept.set(idempotencyKey, text);
      return true;
    },
  } as unknown as Store["inbox"];
  const rooms = { forgetMembers: async (roomId: string) => void forgotten.push(roomId) } as unknown as Store["rooms"];
  const receive = receivingBodies(createIntake({ inbox, rooms, clock: () => 0, botId: "bot", wake: () => {} }));
  const verify = (bytes: Buffer, signature: string | undefined) => verifySignature(bytes, signature, SECRETS);
  const error = (...line: unknown[]) => void errors.push(line);
  const log = everyFault({ ...SILENT_LOG, error });
  const health = async () => ({ version: "1", startedAt: 0, checks: [] });
  return { kept, forgotten, errors, handle: createRequestListener({ verify, receive, health, meter: NO_METER, log }) };
}

export const webhook = fuzzTarget({
  name: "webhook",
  share: 0.15,
  input: delivery,
  async check({ body: payload, signature, headers: given }) {
    const { kept, forgotten, errors, handle } = createRoute();
    const signed = { ...given, ...(signature !== undefined && { "x-spark-signature": signature }) };
    const { statusCode } = await inject(handle, { method: "POST", url: "/webhook", headers: signed, payload });
    assert.deepEqual(errors, []);
    assert.ok([200, 400, 401, 413, 415].includes(statusCode), `status ${statusCode}`);
    const isGenuine = SECRETS.some((secret) => sign(payload, secret) === signature?.toLowerCase());
    if (isGenuine) assert.notEqual(statusCode, 401);
    else assert.ok(statusCode >= 400);
    if (!isGenuine || statusCode >= 400) assert.deepEqual([kept.size, forgotten.length], [0, 0]);
    for (const text of kept.values()) assert.equal(text, payload.toString("utf8"));
  },
});
