import { createHmac, timingSafeEqual } from "node:crypto";

/** The header X-Spark-Signature of a body under a secret. */
export const signatureOf = (body: Buffer, secret: string): string =>
  createHmac("sha1", secret).update(body).digest("hex");

/**
 * True if `signature` (the header X-Spark-Signature) is the HMAC-SHA1, in hex, of exactly these bytes under one of the secrets.
 * There are two secrets while one replaces the other. The comparison takes constant time, and all secrets are always tried.
 */
export function verifySignature(body: Buffer, signature: string | undefined, secrets: readonly string[]): boolean {
  if (signature === undefined || !/^[0-9a-f]{40}$/i.test(signature)) return false;
  const given = Buffer.from(signature, "hex");
  const matches = secrets.filter(
    (secret) => secret !== "" && timingSafeEqual(Buffer.from(signatureOf(body, secret), "hex"), given),
  );
  return matches.length > 0;
}
