/** The last part of what an id encodes, or the id itself. The same object may have ids of several regions, which differ before it. */
export function innerId(id: string): string {
  const text = Buffer.from(id, "base64").toString("utf8");
  return text.startsWith("ciscospark://") ? (text.split("/").at(-1) ?? id) : id;
}
