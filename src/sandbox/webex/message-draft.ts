import { z } from "zod";
import { type HttpRequest, httpError, readFields, validate } from "../http/http-messages.ts";
import type { Attachment, Message, StoredFile } from "../world/webex-records.ts";
import { parseMultipartForm } from "./multipart-form.ts";

/** Bytes, not characters: the API's limit on `text` and on `markdown`, each. */
const MAX_TEXT_BYTES = 7_439;
const CARD_CONTENT_TYPE = "application/vnd.microsoft.card.adaptive";

const DraftSchema = z.object({
  roomId: z.string().optional(),
  toPersonId: z.string().optional(),
  toPersonEmail: z.string().optional(),
  parentId: z.string().optional(),
  text: z.string().optional(),
  markdown: z.string().optional(),
  attachments: z.array(z.object({ contentType: z.string(), content: z.record(z.string(), z.unknown()) })).optional(),
  /** Not understood by an edit with Markdown. */
  html: z.string().optional(),
  files: z.union([z.string().transform((file) => [file]), z.array(z.string())]).optional(),
});

export interface MessageDraft extends Omit<z.output<typeof DraftSchema>, "files"> {
  readonly file?: Omit<StoredFile, "messageId">;
}

/** Returns the faults of a card. */
export type LintCard = (card: unknown) => readonly string[];

/** Reads a message to post or edit, from JSON or from a form with a file. Throws an error 400 for an invalid one. */
export function readDraft(ask: HttpRequest, refusals: LintCard): MessageDraft {
  const contentType = ask.headers["content-type"] ?? "";
  const draft = contentType.startsWith("multipart/form-data") ? readFormDraft(ask, contentType) : readFieldsDraft(ask);
  for (const field of ["text", "markdown"] as const) {
    if (Buffer.byteLength(draft[field] ?? "") > MAX_TEXT_BYTES) {
      throw httpError(400, `${field} is longer than ${MAX_TEXT_BYTES} bytes.`);
    }
  }
  checkCards(draft.attachments ?? [], refusals);
  return draft;
}

function readFieldsDraft(ask: HttpRequest): MessageDraft {
  const { files = [], ...draft } = readFields(ask, DraftSchema);
  const [address, second] = files;
  if (second !== undefined) throw httpError(400, "A message takes one file.");
  return address === undefined ? draft : { ...draft, file: standInFor(address) };
}

/** The real API fetches the file from the internet. The sandbox never calls out: a text stands for it. */
function standInFor(address: string): Omit<StoredFile, "messageId"> {
  if (!URL.canParse(address) || !/^https?:/.test(address)) throw httpError(400, "files must have public addresses.");
  const name = new URL(address).pathname.split("/").at(-1) || "file";
  return {
    name,
    contentType: "text/plain",
    bytes: Buffer.from(`The sandbox fetches no files. This one is ${address}\n`),
  };
}

function readFormDraft(ask: HttpRequest, contentType: string): MessageDraft {
  const parts = parseMultipartForm(ask.body, contentType);
  const texts = parts.filter(({ filename }) => filename === undefined);
  const [file, second] = parts.filter(({ filename }) => filename !== undefined);
  if (second) throw httpError(400, "A message takes one file.");
  const fields = Object.fromEntries(texts.map(({ name, bytes }) => [name, bytes.toString()]));
  const { files: _, ...draft } = validate(fields, DraftSchema);
  if (!file) return draft;
  const { filename: name = "", contentType: type = "application/octet-stream", bytes } = file;
  return { ...draft, file: { name, contentType: type, bytes } };
}

function checkCards(attachments: readonly Attachment[], refusals: LintCard): void {
  if (attachments.length > 1) throw httpError(400, "A message takes one card.");
  for (const { contentType, content } of attachments) {
    if (contentType !== CARD_CONTENT_TYPE)
      throw httpError(400, `An attachment must be of the type ${CARD_CONTENT_TYPE}.`);
    if (content.type !== "AdaptiveCard") throw httpError(400, "The card's type must be AdaptiveCard.");
    const problems = refusals(content);
    if (problems.length > 0) throw httpError(400, "Unable to share content to room: the card is not valid.", problems);
  }
}

export const lintMessage = (message: Message, lint: LintCard): readonly string[] =>
  message.attachments?.flatMap(({ content }) => lint(content)) ?? [];
