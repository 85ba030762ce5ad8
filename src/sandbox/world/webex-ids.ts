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

/** Where a space is kept: its id and those of what is in it name the cluster. People and organizations are always `us`. */
export const CLUSTERS = ["us", "urn:TEAM:eu-central-1_k"] as const;
export type Cluster = (typeof CLUSTERS)[number];

/** A Webex id: base64url of a `ciscospark:` address with cluster, kind and name. */
export function webexId(kind: IdKind, name: string, cluster: Cluster = "us"): string {
  return Buffer.from(`ciscospark://${cluster}/${kind}/${name}`).toString("base64url");
}

/** The name in a Webex id; undefined for another id. */
export function decodeId(id: string): string | undefined {
  return /^ciscospark:\/\/[^/]+\/[^/]+\/(.+)$/.exec(Buffer.from(id, "base64url").toString())?.[1];
}

/** The cluster in a Webex id; `us` for another id. */
export function clusterOf(id: string): Cluster {
  const [, name] = /^ciscospark:\/\/([^/]+)\//.exec(Buffer.from(id, "base64url").toString()) ?? [];
  return CLUSTERS.find((cluster) => cluster === name) ?? "us";
}

/** Makes a new id of a kind, in the cluster `us` when that is absent. */
export type NewId = (kind: IdKind, cluster?: Cluster) => string;

/** A uuid that is always the same for the same text. */
export function uuidFromText(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
