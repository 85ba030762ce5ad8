/** The last part of what an id encodes, or the id itself. The same object may have ids of several regions, which differ before it. */
export function innerId(id: string): string {
  const text = Buffer.from(id, "base64").toString("utf8");
  return text.startsWith("ciscospark://") ? (text.split("/").at(-1) ?? id) : id;
}

/** A public id. Those of people always say `us`; others name the cluster of their space. */
export function publicId(
  kind: "PEOPLE" | "ROOM" | "MEMBERSHIP" | "MESSAGE" | "ATTACHMENT_ACTION",
  uuid: string,
  cluster = "us",
): string {
  return Buffer.from(`ciscospark://${cluster}/${kind}/${uuid}`).toString("base64").replace(/=+$/, "");
}
