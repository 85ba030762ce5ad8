import { randomUUID } from "node:crypto";
import type { z } from "zod";
import type { OutgoingFile } from "../domain/ports/messaging.ts";
import { Failure } from "../errors.ts";
import type { Http, HttpResponse } from "../http.ts";
import { failureOf, unexpectedAnswer } from "./failures.ts";
import {
  actionSchema,
  listSchema,
  membershipSchema,
  messageSchema,
  personSchema,
  roomSchema,
  type WebexAction,
  type WebexMembership,
  type WebexMessage,
  type WebexPerson,
  type WebexRoom,
  type WebexWebhook,
  webhookSchema,
} from "./wire.ts";

/** One of them: a space, or a person, whose 1:1 space Webex finds or makes. */
interface Recipient {
  readonly roomId?: string;
  readonly toPersonId?: string;
  readonly toPersonEmail?: string;
}

/** What a message is made of; `text` is what shows where cards do not. */
export interface MessageBody extends Recipient {
  readonly parentId?: string;
  readonly text: string;
  readonly attachments?: readonly { readonly contentType: string; readonly content: unknown }[];
}

export interface WebhookBody {
  readonly name: string;
  readonly targetUrl: string;
  readonly resource: string;
  readonly event: string;
  readonly secret: string;
}

/**
 * The one Webex client: the framework and all of `webex/` speak through it. Every method throws a `Failure`
 * (`webex.not_found`, `webex.busy`, …) when Webex does not answer as asked, after the retries of `http.ts`.
 */
export interface WebexApi {
  me(): Promise<WebexPerson>;
  person(id: string): Promise<WebexPerson>;
  message(id: string): Promise<WebexMessage>;
  postMessage(body: MessageBody): Promise<WebexMessage>;
  /** The same, tried once: for whoever knows better when to try again. */
  postOnce(body: MessageBody): Promise<WebexMessage>;
  /** A message with a file, which is read while it is sent. */
  postFile(body: Omit<MessageBody, "attachments">, file: OutgoingFile): Promise<WebexMessage>;
  editMessage(id: string, body: Omit<MessageBody, "parentId">): Promise<WebexMessage>;
  deleteMessage(id: string): Promise<void>;
  action(id: string): Promise<WebexAction>;
  room(id: string): Promise<WebexRoom>;
  membership(id: string): Promise<WebexMembership>;
  memberships(of: { readonly roomId: string; readonly personId?: string }): Promise<readonly WebexMembership[]>;
  webhooks(): Promise<readonly WebexWebhook[]>;
  createWebhook(body: WebhookBody): Promise<WebexWebhook>;
  updateWebhook(
    id: string,
    body: Omit<WebhookBody, "resource" | "event"> & { status: "active" },
  ): Promise<WebexWebhook>;
  deleteWebhook(id: string): Promise<void>;
}

/** A list longer than this many pages is not ours to read. */
const MAX_PAGES = 50;

export function createWebexApi(http: Http, token: string): WebexApi {
  const headers = { authorization: `Bearer ${token}`, accept: "application/json" };

  async function call(method: Method, path: string, more: CallOptions = {}): Promise<HttpResponse> {
    const { body, query } = more;
    const response = await http.request({
      method,
      path,
      headers: body === undefined ? headers : { ...headers, "content-type": "application/json" },
      ...(query === undefined ? {} : { query }),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(more.noRetry && { noRetry: true }),
    });
    if (response.status >= 300) throw failureOf(response, callName(method, path));
    return response;
  }

  async function one<T>(schema: z.ZodType<T>, method: Method, path: string, more?: CallOptions): Promise<T> {
    return readAs(schema, await call(method, path, more), callName(method, path));
  }

  async function postFile(fields: Omit<MessageBody, "attachments">, file: OutgoingFile) {
    const { contentType, body } = multipart({ ...fields }, file);
    const response = await http.request({
      method: "POST",
      path: "/messages",
      headers: { ...headers, "content-type": contentType },
      body,
    });
    if (response.status >= 300) throw failureOf(response, "POST messages");
    return readAs(messageSchema, response, "POST messages");
  }

  /** The whole list or a `Failure`, never a part of it: a member who was not read would not count as a guest. */
  async function all<T>(schema: z.ZodType<T>, path: string, query: Record<string, string>): Promise<readonly T[]> {
    const page = listSchema(schema);
    const items: T[] = [];
    let next: CallOptions & { path: string } = { path, query };
    for (let count = 0; count < MAX_PAGES; count += 1) {
      const response: HttpResponse = await call("GET", next.path, next);
      items.push(...readAs(page, response, callName("GET", path)).items);
      if (!response.hasNext) return items;
      if (response.nextPath === undefined) break;
      next = { path: response.nextPath };
    }
    throw unexpectedAnswer(callName("GET", path));
  }

  const at = (path: string, id: string) => `${path}/${encodeURIComponent(id)}`;
  return {
    me: () => one(personSchema, "GET", "/people/me"),
    person: (id) => one(personSchema, "GET", at("/people", id)),
    message: (id) => one(messageSchema, "GET", at("/messages", id)),
    postMessage: (body) => one(messageSchema, "POST", "/messages", { body }),
    postOnce: (body) => one(messageSchema, "POST", "/messages", { body, noRetry: true }),
    postFile,
    editMessage: (id, body) => one(messageSchema, "PUT", at("/messages", id), { body }),
    deleteMessage: async (id) => void (await call("DELETE", at("/messages", id))),
    action: (id) => one(actionSchema, "GET", at("/attachment/actions", id)),
    room: (id) => one(roomSchema, "GET", at("/rooms", id)),
    membership: (id) => one(membershipSchema, "GET", at("/memberships", id)),
    memberships: (of) => all(membershipSchema, "/memberships", { ...of, max: "1000" }),
    webhooks: () => all(webhookSchema, "/webhooks", { max: "100" }),
    createWebhook: (body) => one(webhookSchema, "POST", "/webhooks", { body }),
    updateWebhook: (id, body) => one(webhookSchema, "PUT", at("/webhooks", id), { body }),
    deleteWebhook: async (id) => void (await call("DELETE", at("/webhooks", id))),
  };
}

function readAs<T>(schema: z.ZodType<T>, response: HttpResponse, name: string): T {
  const read = schema.safeParse(response.json());
  if (!read.success) throw unexpectedAnswer(name, read.error);
  return read.data;
}

type Method = "GET" | "POST" | "PUT" | "DELETE";

interface CallOptions {
  readonly query?: Record<string, string>;
  readonly body?: unknown;
  readonly noRetry?: boolean;
}

/** A call as a failure names it, without ids: `GET messages`. */
function callName(method: Method, path: string): string {
  return `${method} ${/^\/(\w*)/.exec(path)?.[1] ?? ""}`;
}

/** Webex takes files of up to 100 MB (research: limits of the messages API). */
const MAX_FILE_BYTES = 100 * 1024 * 1024;

export interface Multipart {
  readonly contentType: string;
  /** The whole body, made anew each time. Throws `webex.file_too_large` when the file turns out longer than Webex takes. */
  readonly body: () => AsyncIterable<Uint8Array>;
}

/** A form with one file (RFC 7578), produced while it is sent. */
export function multipart(fields: Readonly<Record<string, string | undefined>>, file: OutgoingFile): Multipart {
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
