import { createHash, randomUUID } from "node:crypto";

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
  | "ENTERPRISE";

/** An id as Webex writes them: unpadded base64 of an address that names kind and thing. */
export function webexId(kind: IdKind, name: string): string {
  return Buffer.from(`ciscospark://us/${kind}/${name}`).toString("base64url");
}

/** What `webexId` was made of: the uuid at the end, or undefined when this is no such id. */
export function decodeId(id: string): string | undefined {
  return /^ciscospark:\/\/us\/[^/]+\/(.+)$/.exec(Buffer.from(id, "base64url").toString())?.[1];
}

/**
 * A new id, never given out before, not even in an earlier run: a bot that kept its database from then
 * must not take a new message for one that it answered already.
 */
export const newId = (kind: IdKind): string => webexId(kind, randomUUID());

/** A uuid that is always the same for the same text. */
export function uuidFromText(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
