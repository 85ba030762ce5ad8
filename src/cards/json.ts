/** A JSON object of which nothing else is known yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What a value weighs on the wire: bytes, not characters. */
export function byteLength(text: string): number {
  return Buffer.byteLength(text, "utf8");
}
