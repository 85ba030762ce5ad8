import { createHash } from "node:crypto";

export type IdKind =
  | "PEOPLE"
  | "ROOM"
  | "MESSAGE"
  | "MEMBERSHIP"
  | "ATTACHMENT_ACTION"
  | "WEBHOOK"
  | "CONTENT"
  | "APPLICATION"
  | "ORGANIZATION"
  | "ENTERPRISE"
  | "LICENSE"
  | "SUBSCRIBER";

/** A Webex id: base64url of a `ciscospark:` address with kind and name. */
export function webexId(kind: IdKind, name: string): string {
  return Buffer.from(`ciscospark://us/${kind}/${name}`).toString("base64url");
}

/** The name in a Webex id; undefined for another id. */
export function decodeId(id: string): string | undefined {
  return /^ciscospark:\/\/us\/[^/]+\/(.+)$/.exec(Buffer.from(id, "base64url").toString())?.[1];
}

/** Makes a new id of a kind. */
export type NewId = (kind: IdKind) => string;

/** A uuid that is always the same for the same text. */
export function uuidFromText(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
