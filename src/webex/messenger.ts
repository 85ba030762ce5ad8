import type { Recipient } from "../domain/alerts/notice.ts";
import type {
  Destination,
  Messenger,
  OutgoingFile,
  PostedMessage,
  ReplaceableCard,
} from "../domain/ports/messaging.ts";
import type { Log } from "../domain/ports/runtime.ts";
import type { View } from "../domain/views/views.ts";
import { Failure } from "../errors.ts";
import type { MessageBody, WebexApi } from "./api.ts";
import { UNEXPECTED } from "./failures.ts";
import type { WebexMessage } from "./wire.ts";

/** Webex edits a message ten times and then refuses. */
const MAX_EDITS = 10;

interface RenderedView {
  readonly card: unknown;
  readonly text: string;
}

interface MessengerDeps {
  readonly api: WebexApi;
  readonly log: Log;
  readonly render: (view: View) => RenderedView;
  /** What is wrong with a card for Webex; empty when nothing is. */
  readonly lint: (card: unknown) => readonly string[];
}

/** Speaks in rooms. A card that Webex would refuse or does refuse goes out as its plain text: an answer is never lost to its looks. */
export function createMessenger({ api, log, render, lint }: MessengerDeps): Messenger {
  function contentOf(view: View): Pick<MessageBody, "text" | "attachments"> {
    const { card, text } = render(view);
    const faults = lint(card);
    if (faults.length === 0)
      return {
        text,
        attachments: [{ contentType: "application/vnd.microsoft.card.adaptive", content: card }],
      };
    log.error("card.invalid", { card: view.kind, faults });
    return { text };
  }

  /** What may be at fault is left out bit by bit: first the thread, whose root may be gone, then the card. */
  async function postTo(to: SendTarget, view: View, send: WebexApi["postMessage"]): Promise<PostedMessage> {
    const { threadId, ...address } = to;
    const { text, attachments } = contentOf(view);
    const whole = { ...address, text, ...(attachments === undefined ? {} : { attachments }) };
    const attempts = threadId === undefined ? [whole] : [{ ...whole, parentId: threadId }, whole];
    for (const body of attempts) {
      const message = await undefinedIfRefused(send(body), log, "message.refused");
      if (message !== undefined) return toPosted(message, 0);
    }
    return toPosted(await send({ ...address, text }), 0);
  }

  const post = (place: Destination, view: View) => postTo(place, view, api.postMessage);

  const notify: Messenger["notify"] = ({ threadId, ...target }, view) =>
    postTo({ ...recipientOf(target), ...(threadId !== undefined && { threadId }) }, view, api.postOnce);

  async function edit({ roomId, messageId }: Pick<ReplaceableCard, "roomId" | "messageId">, view: View) {
    const call = api.editMessage(messageId, { roomId, ...contentOf(view) });
    const message = await undefinedIfRefused(call, log, "edit.refused");
    return message && toPosted(message, 0);
  }

  async function replace(card: ReplaceableCard, view: View): Promise<PostedMessage> {
    if (card.edits < MAX_EDITS) {
      const edit = api.editMessage(card.messageId, { roomId: card.roomId, ...contentOf(view) });
      const message = await undefinedIfRefused(edit, log, "edit.refused");
      if (message !== undefined) return toPosted(message, card.edits + 1);
    }
    const posted = await post(card, view);
    await api.deleteMessage(card.messageId).catch((error: unknown) => log.warn("message.not_deleted", { error }));
    return posted;
  }

  async function postFile({ roomId, threadId }: Destination, file: OutgoingFile, text: string): Promise<PostedMessage> {
    const body = { roomId, text };
    if (threadId !== undefined) {
      const inThread = api.postFile({ ...body, parentId: threadId }, file);
      const message = await undefinedIfRefused(inThread, log, "file.refused");
      if (message !== undefined) return toPosted(message, 0);
    }
    return toPosted(await api.postFile(body, file), 0);
  }

  return { post, postFile, replace, notify, edit };
}

interface SendTarget extends Pick<MessageBody, "roomId" | "toPersonId" | "toPersonEmail"> {
  readonly threadId?: string;
}

function recipientOf(target: Recipient): SendTarget {
  if ("roomId" in target) return target;
  return "personId" in target ? { toPersonId: target.personId } : { toPersonEmail: target.email };
}

/** Another request would end the same, or might say everything twice. */
const NOT_WORTH_RETRYING: readonly string[] = ["webex.unauthorized", UNEXPECTED];

/** The answer; undefined when Webex refused this very request for good, so that another one may do. */
async function undefinedIfRefused(
  call: Promise<WebexMessage>,
  log: Log,
  event: string,
): Promise<WebexMessage | undefined> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof Failure) || error.retryable || NOT_WORTH_RETRYING.includes(error.code)) throw error;
    log.warn(event, { error });
    return undefined;
  }
}

function toPosted(message: WebexMessage, edits: number): PostedMessage {
  return {
    messageId: message.id,
    roomId: message.roomId,
    edits,
    at: Date.parse(message.updated ?? message.created),
  };
}
