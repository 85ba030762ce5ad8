import { Readable } from "node:stream";

/** What is sent. A function makes it anew for each time the call is made: nothing of it is kept. */
export type RequestBody = string | Buffer | (() => AsyncIterable<Uint8Array>);

/** A whole upload may take longer than the wait for an answer usually does. */
const UPLOAD_MS = 10 * 60_000;

/** The body for one attempt. What fails in making it is not the network's trouble: `failure` tells it as it is. */
export function requestBody(body: RequestBody | undefined) {
  let failure: unknown;
  if (typeof body !== "function") return { options: { body: body ?? null }, failure: () => failure };
  async function* watched(pieces: AsyncIterable<Uint8Array>) {
    try {
      yield* pieces;
    } catch (error) {
      failure = error;
      throw error;
    }
  }
  const stream = Readable.from(watched(body()), { objectMode: false });
  return { options: { body: stream, headersTimeout: UPLOAD_MS }, failure: () => failure };
}
