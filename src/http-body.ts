import type { Clock, Secrets } from "./domain/ports/runtime.ts";
import { createItemSplitter } from "./item-splitter.ts";

export interface BodyOptions {
  readonly status: number;
  readonly redact: Secrets["redact"];
  /** A successful answer is a secret itself, and is not redacted. */
  readonly answersSecret: boolean;
  /** In bytes. */
  readonly limit: number;
  readonly clock: Clock;
  /** For the whole body, because a body that comes in small chunks never reaches a timeout; without the time in `onItems`. */
  readonly deadline: number;
  readonly onItems?: ItemReceiver | undefined;
}

/** Takes some elements of the list `items`; the next ones are not read before it is done. */
export type ItemReceiver = (items: readonly unknown[]) => Promise<void>;

/** An error that `onItems` threw: no failure of the other side. */
export class ItemsNotTaken extends Error {}

export const BODY_TOO_SLOW = "BODY_TOO_SLOW";
export const BODY_TOO_LARGE = "BODY_TOO_LARGE";

/**
 * Reads a body to its end. The elements of `items` of a successful answer go to `onItems` as they come, if there is one.
 * @returns parses the body, with `0` in the place of each element that was handed over; undefined when it is not JSON
 */
export async function readBody(body: AsyncIterable<Uint8Array>, options: BodyOptions): Promise<() => unknown> {
  const parse = createParser(options);
  const pieces = piecesOf(body, options);
  if (options.onItems !== undefined && options.status < 300) return readItems(pieces, parse, options.onItems);
  let text = "";
  for await (const piece of pieces) text += piece;
  return () => parse(text);
}

async function* piecesOf(body: AsyncIterable<Uint8Array>, { limit, clock, deadline }: BodyOptions) {
  const decoder = new TextDecoder();
  let size = 0;
  let takenMs = 0;
  for await (const chunk of body) {
    const at = clock();
    size += chunk.byteLength;
    if (size > limit) throw Object.assign(new Error("The body is too large"), { code: BODY_TOO_LARGE });
    if (at - takenMs > deadline) throw Object.assign(new Error("The body came too slowly"), { code: BODY_TOO_SLOW });
    yield decoder.decode(chunk, { stream: true });
    takenMs += clock() - at;
  }
  yield decoder.decode();
}

async function readItems(
  pieces: AsyncIterable<string>,
  parse: (text: string) => unknown,
  onItems: ItemReceiver,
): Promise<() => unknown> {
  const splitter = createItemSplitter();
  for await (const piece of pieces) {
    const items = splitter.push(piece).map(parse);
    if (splitter.isTooLong() || items.includes(undefined)) return () => undefined;
    if (items.length > 0) await onItems(items).catch(notTaken);
  }
  const rest = splitter.rest();
  return () => parse(rest);
}

function notTaken(error: unknown): never {
  throw new ItemsNotTaken("The elements of an answer were not taken", { cause: error });
}

/**
 * Parses without the secrets of this process, and in an error without any bearer token or address: an upstream may repeat the request.
 * Texts are redacted after they are parsed, because `\u0061` or `\/` could hide a secret. Every other escape is the only way to write
 * its character, and the secrets are known with those.
 */
function createParser({ status, redact, answersSecret }: BodyOptions): (text: string) => unknown {
  const isError = status >= 300;
  const clean = createRedactor(status, redact);
  const cleanValue = (_: string, value: unknown) => (typeof value === "string" ? clean(value) : value);
  return (text) => {
    const mayHoldSecret = isError || (!answersSecret && (/\\[u/]/.test(text) || clean(text) !== text));
    return readJson(text, mayHoldSecret ? cleanValue : undefined);
  };
}

/** For a text of an answer with this status. */
export function createRedactor(status: number, redact: Secrets["redact"]): (text: string) => string {
  return (text) => (status >= 300 ? redactForeign(redact(text)) : redact(text));
}

/** Also a token that this process does not know, and addresses of people: the text of an error is logged. */
function redactForeign(text: string): string {
  return text
    .replace(/\bBearer[\s:=]+[^\s"'<>,;]+/gi, "Bearer [redacted]")
    .replace(/[^\s"'<>,;:()]{1,64}@[^\s"'<>,;:()]{1,255}/g, "[address]");
}

function readJson(text: string, reviver?: (key: string, value: unknown) => unknown): unknown {
  try {
    return JSON.parse(text, reviver);
  } catch {
    return undefined;
  }
}
