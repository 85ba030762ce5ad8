import { httpError } from "../http/http-messages.ts";

/** A field of a form. A file has a file name. */
export interface FormPart {
  readonly name: string;
  readonly filename?: string | undefined;
  readonly contentType?: string | undefined;
  /** A view of the body, not a copy: a file may have 100 MB. */
  readonly bytes: Buffer;
}

/** The parts of a `multipart/form-data` body (RFC 7578). Throws an error 400 when it cannot be read. */
export function parseMultipartForm(body: Buffer, contentType: string): readonly FormPart[] {
  const [, quoted, bare] = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType) ?? [];
  const line = `--${quoted ?? bare ?? ""}`;
  const parts: FormPart[] = [];
  let at = line === "--" ? -1 : body.indexOf(line);
  while (at !== -1) {
    const start = at + line.length;
    if (body.toString("latin1", start, start + 2) === "--") return parts;
    const headersEnd = body.indexOf("\r\n\r\n", start);
    const end = headersEnd === -1 ? -1 : body.indexOf(`\r\n${line}`, headersEnd + 2);
    if (end === -1) break;
    parts.push(parsePart(body.toString("utf8", start, headersEnd), body.subarray(headersEnd + 4, end)));
    at = end + 2;
  }
  throw httpError(400, "The form could not be read.");
}

function parsePart(headers: string, bytes: Buffer): FormPart {
  const disposition = headerOf(headers, "content-disposition") ?? "";
  return {
    name: parameterOf(disposition, "name") ?? "",
    filename: parameterOf(disposition, "filename"),
    contentType: headerOf(headers, "content-type"),
    bytes,
  };
}

const headerOf = (headers: string, name: string): string | undefined =>
  headers
    .split("\r\n")
    .find((line) => line.toLowerCase().startsWith(`${name}:`))
    ?.slice(name.length + 1)
    .trim();

/** Browsers and `fetch` write a quote and line ends in a name as `%22`, `%0D` and `%0A` (WHATWG). */
function parameterOf(disposition: string, name: string): string | undefined {
  const [, quoted, bare] = new RegExp(`;\\s*${name}=(?:"([^"]*)"|([^;\\s]+))`, "i").exec(disposition) ?? [];
  return (quoted ?? bare)?.replace(/%(22|0D|0A)/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
}
