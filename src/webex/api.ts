import { randomUUID } from "node:crypto";
import type { z } from "zod";
import { foldAddress } from "../domain/address.ts";
import type { OutgoingFile } from "../domain/ports/messaging.ts";
import { Failure } from "../errors.ts";
import type { Http, HttpResponse } from "../http.ts";
import { failureOf, unexpectedAnswer } from "./failures.ts";
import { innerId } from "./webex-id.ts";
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

/** Exactly one of the three. For a person, Webex finds or creates the 1:1 space. */
interface Recipient {
  readonly roomId?: string;
  readonly toPersonId?: string;
  readonly toPersonEmail?: string;
}

/** `text` is shown by clients that cannot show cards, and in notifications. */
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
 * The one Webex client, also used by the framework. When a call fails after the retries of `http.ts`, the method throws a
 * `Failure` (`webex.not_found`, `webex.busy`, …).
 */
export interface WebexApi {
  me(): Promise<WebexPerson>;
  person(id: string): Promise<WebexPerson>;
  /** Undefined if nobody has this address. */
  personByEmail(email: string): Promise<WebexPerson | undefined>;
  message(id: string): Promise<WebexMessage>;
  postMessage(body: MessageBody): Promise<WebexMessage>;
  /** Without retries, for the outbox, which retries by itself. */
  postOnce(body: MessageBody): Promise<WebexMessage>;
  /** The content of the file is produced while it is sent. */
  postFile(body: Omit<MessageBody, "attachments">, file: OutgoingFile): Promise<WebexMessage>;
  /** A 429 or 423 is not waited for, so that the edits of one room do not hold up the messages to others (ALERTS 29). */
  editMessage(id: string, body: Omit<MessageBody, "parentId">): Promise<WebexMessage>;
  deleteMessage(id: string): Promise<void>;
  action(id: string): Promise<WebexAction>;
  room(id: string): Promise<WebexRoom>;
  /** The bot's spaces in which something happened since then, epoch milliseconds. */
  roomsActiveSince(since: number): Promise<readonly WebexRoom[]>;
  /** The messages since then that the bot may read, newest first: in a group those that mention it. */
  messagesSince(room: Pick<WebexRoom, "id" | "type">, since: number): Promise<readonly WebexMessage[]>;
  createRoom(title: string): Promise<WebexRoom>;
  deleteRoom(id: string): Promise<void>;
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

const BUSY = [423, 429];

/** A longer list is a `Failure`. */
const MAX_PAGES = 50;

export function createWebexApi(http: Http, token: string): WebexApi {
  const { call, one, postFile } = createCalls(http, token);
  const { all, newest } = createLists(call);
  const at = (path: string, id: string) => `${path}/${encodeURIComponent(id)}`;
  return {
    me: () => one(personSchema, "GET", "/people/me"),
    person: async (id) => sameId(id, await one(personSchema, "GET", at("/people", id)), "GET people"),
    async personByEmail(email) {
      const found = await all(personSchema, "/people", { email });
      return found.find(({ emails }) => emails.some((one) => foldAddress(one) === foldAddress(email)));
    },
    message: async (id) => sameId(id, await one(messageSchema, "GET", at("/messages", id)), "GET messages"),
    postMessage: (body) => one(messageSchema, "POST", "/messages", { body }),
    postOnce: (body) => one(messageSchema, "POST", "/messages", { body, noRetry: true }),
    postFile,
    editMessage: (id, body) => one(messageSchema, "PUT", at("/messages", id), { body, noRetryStatuses: BUSY }),
    deleteMessage: async (id) => void (await call("DELETE", at("/messages", id))),
    action: async (id) => sameId(id, await one(actionSchema, "GET", at("/attachment/actions", id)), "GET attachment"),
    room: (id) => one(roomSchema, "GET", at("/rooms", id)),
    roomsActiveSince: (since) =>
      newest(roomSchema, "/rooms", { sortBy: "lastactivity", max: "100" }, ({ lastActivity }) =>
        isSince(lastActivity, since),
      ),
    messagesSince: ({ id, type }, since) =>
      newest(
        messageSchema,
        "/messages",
        { roomId: id, max: "100", ...(type === "group" && { mentionedPeople: "me" }) },
        ({ created }) => isSince(created, since),
      ),
    createRoom: (title) => one(roomSchema, "POST", "/rooms", { body: { title } }),
    deleteRoom: async (id) => void (await call("DELETE", at("/rooms", id))),
    membership: (id) => one(membershipSchema, "GET", at("/memberships", id)),
    async memberships(of) {
      const list = await all(membershipSchema, "/memberships", { ...of, max: "1000" });
      if (list.every(({ roomId }) => innerId(roomId) === innerId(of.roomId))) return list;
      throw unexpectedAnswer("GET memberships");
    },
    webhooks: () => all(webhookSchema, "/webhooks", { max: "100" }),
    createWebhook: (body) => one(webhookSchema, "POST", "/webhooks", { body }),
    updateWebhook: (id, body) => one(webhookSchema, "PUT", at("/webhooks", id), { body }),
    deleteWebhook: async (id) => void (await call("DELETE", at("/webhooks", id))),
  };
}

/** The person or message that was asked for, and not another one: who may see what depends on it. */
function sameId<T extends { readonly id: string }>(id: string, answer: T, call: string): T {
  if (innerId(answer.id) === innerId(id)) return answer;
  throw unexpectedAnswer(call);
}

/** False without a time. */
const isSince = (time: string | undefined, since: number): boolean => Date.parse(time ?? "") >= since;

function createCalls(http: Http, token: string) {
  const headers = { authorization: `Bearer ${token}`, accept: "application/json" };

  async function call(method: Method, path: string, options: CallOptions = {}): Promise<HttpResponse> {
    const { query, body, ...retryRules } = options;
    const response = await http.request({
      method,
      path,
      headers: body === undefined ? headers : { ...headers, "content-type": "application/json" },
      ...(query === undefined ? {} : { query }),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...retryRules,
    });
    if (response.status >= 300) throw failureOf(response, callName(method, path), body);
    return response;
  }

  async function one<T>(schema: z.ZodType<T>, method: Method, path: string, options?: CallOptions): Promise<T> {
    return readAs(schema, await call(method, path, options), callName(method, path));
  }

  async function postFile(fields: Omit<MessageBody, "attachments">, file: OutgoingFile): Promise<WebexMessage> {
    const { contentType, body } = multipart({ ...fields }, file);
    const path = "/messages";
    const response = await http.request({
      method: "POST",
      path,
      headers: { ...headers, "content-type": contentType },
      body,
    });
    if (response.status >= 300) throw failureOf(response, "POST messages", fields);
    return readAs(messageSchema, response, "POST messages");
  }

  return { call, one, postFile };
}

type Call = ReturnType<typeof createCalls>["call"];

function createLists(call: Call) {
  /** The items of a list, page by page; a `Failure` where it cannot be read to its end. */
  async function* itemsOf<T>(schema: z.ZodType<T>, path: string, query: Record<string, string>): AsyncIterable<T> {
    const page = listSchema(schema);
    let position: Record<string, string> = {};
    for (let count = 0; count < MAX_PAGES; count += 1) {
      // Webex is known to drop parameters from its links, and without the room they lead to the members of others.
      const response: HttpResponse = await call("GET", path, { query: { ...position, ...query } });
      yield* readAs(page, response, callName("GET", path)).items;
      if (!response.hasNext) return;
      if (response.nextPath === undefined) break;
      position = Object.fromEntries(new URL(response.nextPath, "http://link").searchParams);
    }
    throw unexpectedAnswer(callName("GET", path));
  }

  /** The whole list or a `Failure`, never a part of it: a member who was not read would not count as a guest. */
  const all = <T>(schema: z.ZodType<T>, path: string, query: Record<string, string>): Promise<readonly T[]> =>
    newest(schema, path, query, () => true);

  /** Of a list that has the newest first: up to the first that is too old, and no further page. */
  async function newest<T>(
    schema: z.ZodType<T>,
    path: string,
    query: Record<string, string>,
    isNew: (item: T) => boolean,
  ): Promise<readonly T[]> {
    const items: T[] = [];
    for await (const item of itemsOf(schema, path, query)) {
      if (!isNew(item)) break;
      items.push(item);
    }
    return items;
  }

  return { all, newest };
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
  readonly noRetryStatuses?: readonly number[];
}

/** The name of a call in failures, without ids: `GET messages`. */
function callName(method: Method, path: string): string {
  return `${method} ${/^\/(\w*)/.exec(path)?.[1] ?? ""}`;
}

/** The limit of the Webex messages API. */
const MAX_FILE_BYTES = 100 * 1024 * 1024;

export interface Multipart {
  readonly contentType: string;
  /** The whole body, produced anew for each call. Throws `webex.file_too_large` when the file is longer than Webex accepts. */
  readonly body: () => AsyncIterable<Uint8Array>;
}

/** A form with one file (RFC 7578). */
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
        "The file is longer than the 100 MB that Webex accepts.",
        "Ask for fewer customers at a time, for example by country.",
      );
    }
    yield piece;
  }
}
