import { createCipheriv, createDecipheriv, createHmac, randomBytes } from "node:crypto";
import { Failure } from "../errors.ts";

/** Where a value stands. Authenticated with it: a ciphertext that is moved to another row or column cannot be read. */
export interface Place {
  readonly row: string;
  readonly column: string;
}

export interface TokenCipher {
  /** With the first key; the text itself where there is no key. */
  encrypt(text: string, place: Place): string;
  /** A text that is not encrypted is returned as it is. Throws `store.key` or `store.changed`. */
  decrypt(stored: string, place: Place): string;
  /** True if `encrypt` would write this value in the same way: under the first key, or plain without a key. */
  isCurrent(stored: string): boolean;
}

const ALGORITHM = "aes-256-gcm";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Format: prefix, key id, and nonce, tag and ciphertext in one. No token of Webex begins like this. */
const FORMAT = /^aes-256-gcm:([0-9a-f]{8}):([\w-]+)$/;

/** Encrypts with AES-256-GCM. @param keys of 32 bytes each: the first encrypts, all decrypt */
export function createTokenCipher(keys: readonly Buffer[]): TokenCipher {
  const ring = new Map(keys.map((key) => [keyId(key), key]));
  const [first] = ring;
  return {
    encrypt: (text, place) => (first === undefined ? text : encryptWith(first, text, place)),
    decrypt(stored, place) {
      const [, id, content] = FORMAT.exec(stored) ?? [];
      if (id === undefined || content === undefined) return stored;
      const key = ring.get(id);
      if (key === undefined) throw keyMissing(id, [...ring.keys()]);
      return decryptWith(key, Buffer.from(content, "base64url"), place);
    },
    isCurrent: (stored) => FORMAT.exec(stored)?.[1] === first?.[0],
  };
}

/** Names a key without revealing anything of it. */
const keyId = (key: Buffer): string => createHmac("sha256", key).update("key id").digest("hex").slice(0, 8);

const dataOf = ({ row, column }: Place): Buffer => Buffer.from(`tokens\0${row}\0${column}`);

function encryptWith([id, key]: readonly [string, Buffer], text: string, place: Place): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES }).setAAD(dataOf(place));
  const ciphertext = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return `${ALGORITHM}:${id}:${Buffer.concat([nonce, cipher.getAuthTag(), ciphertext]).toString("base64url")}`;
}

function decryptWith(key: Buffer, content: Buffer, place: Place): string {
  const nonce = content.subarray(0, NONCE_BYTES);
  const tag = content.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
  const ciphertext = content.subarray(NONCE_BYTES + TAG_BYTES);
  try {
    const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES }).setAAD(dataOf(place));
    return decipher.setAuthTag(tag).update(ciphertext, undefined, "utf8") + decipher.final("utf8");
  } catch (cause) {
    throw changed(cause);
  }
}

const NEW_TOKEN = "get a new refresh token and set it as WHOLESALE_REFRESH_TOKEN; the stored one is then not needed.";

function keyMissing(id: string, others: readonly string[]): Failure {
  const what =
    others.length === 0
      ? "The Wholesale token in the database is encrypted, and DATA_KEY is not set."
      : `The Wholesale token in the database is encrypted with key ${id}, and DATA_KEY has ${others.join(" and ")}.`;
  return new Failure("store.key", what, `Add key ${id} to DATA_KEY. If it is lost, ${NEW_TOKEN}`);
}

const changed = (cause: unknown): Failure =>
  new Failure(
    "store.changed",
    "The encrypted Wholesale token in the database was changed or is damaged.",
    `Find out who else writes to the database. To go on, ${NEW_TOKEN}`,
    { cause },
  );
