import { randomUUID } from "node:crypto";
import type { OutgoingFile } from "../domain/ports/messaging.ts";
import { Failure } from "../errors.ts";

/** Webex takes files of up to 100 MB (research: limits of the messages API). */
const MAX_FILE_BYTES = 100 * 1024 * 1024;

export interface Multipart {
  readonly contentType: string;
  /** The whole body, made anew each time. Throws `webex.file_too_large` when the file turns out longer than Webex takes. */
  readonly body: () => AsyncIterable<Uint8Array>;
}

/** A form with one file (RFC 7578), produced while it is sent. */
export function multipart(
  fields: Readonly<Record<string, string | undefined>>,
  file: OutgoingFile,
): Multipart {
  const boundary = `form-${randomUUID()}`;
  const head = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : [partHead(boundary, `name="${name}"`), "\r\n\r\n", value, "\r\n"],
  );
  const fileHead = `${partHead(boundary, `name="files"; filename="${file.name}"`)}\r\nContent-Type: ${file.type}\r\n\r\n`;
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    async *body() {
      yield Buffer.from(head.join("") + fileHead);
      yield* limitBytes(MAX_FILE_BYTES, file);
      yield Buffer.from(`\r\n--${boundary}--\r\n`);
    },
  };
}

function partHead(boundary: string, disposition: string): string {
  return `--${boundary}\r\nContent-Disposition: form-data; ${disposition}`;
}

async function* limitBytes(most: number, file: OutgoingFile): AsyncIterable<Uint8Array> {
  let bytes = 0;
  for await (const piece of file.content()) {
    bytes += piece.byteLength;
    if (bytes > most) {
      throw new Failure(
        "webex.file_too_large",
        "The file is longer than the 100 MB that Webex takes.",
        "Ask for fewer customers at a time, for example by country.",
      );
    }
    yield piece;
  }
}
