import { createHmac } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { verifySignature } from "../../src/webex/webhook-signature.ts";

const sign = (body: Buffer, secret: string) => createHmac("sha1", secret).update(body).digest("hex");
const BODY = Buffer.from('{"resource" : "messages", "data":{"id":"\\u0031"}}\n');

test("the signature is over the raw bytes, white space and escapes included", () => {
  expect(verifySignature(BODY, sign(BODY, "secret"), ["secret"])).toBe(true);
  expect(
    verifySignature(Buffer.from(JSON.stringify(JSON.parse(BODY.toString()))), sign(BODY, "secret"), ["secret"]),
  ).toBe(false);
});

test("upper-case hex is the same signature", () => {
  expect(verifySignature(BODY, sign(BODY, "secret").toUpperCase(), ["secret"])).toBe(true);
});

test("either of two secrets is good while one is being rotated", () => {
  expect(verifySignature(BODY, sign(BODY, "old"), ["new", "old"])).toBe(true);
  expect(verifySignature(BODY, sign(BODY, "older"), ["new", "old"])).toBe(false);
});

test("no secret, an empty secret and no signature are all refusals", () => {
  expect(verifySignature(BODY, sign(BODY, "secret"), [])).toBe(false);
  expect(verifySignature(BODY, sign(BODY, ""), [""])).toBe(false);
  expect(verifySignature(BODY, undefined, ["secret"])).toBe(false);
});

test("nothing but the right 40 hex digits is a signature", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (signature) => {
      fc.pre(signature.toLowerCase() !== sign(BODY, "secret"));
      return !verifySignature(BODY, signature, ["secret"]);
    }),
  );
});
