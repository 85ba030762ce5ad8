import type { Target } from "../domain/notices/outbox.ts";
import type { Log, Messenger, OutgoingFile, Place, Posted, Replaceable } from "../domain/ports.ts";
import type { View } from "../domain/replies/views.ts";
import { Failure } from "../errors.ts";
import type { MessageBody, WebexApi } from "./api.ts";
import { UNEXPECTED } from "./refusal.ts";
import type { WebexMessage } from "./wire.ts";

/** Webex edits a message ten times and then refuses. */
const MOST_EDITS = 10;

interface Rendered {
  readonly card: unknown;
  readonly text: string;
}

interface MessengerDeps {
  readonly api: WebexApi;
  readonly log: Log;
  readonly render: (view: View) => Rendered;
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
    log.error("card.faulty", { card: view.kind, faults });
    return { text };
  }

  /** What may be at fault is left out bit by bit: first the thread, whose root may be gone, then the card. */
  async function postTo(to: To, view: View, send: WebexApi["postMessage"]): Promise<Posted> {
    const { threadId, ...address } = to;
    const { text, attachments } = contentOf(view);
    const whole = { ...address, text, ...(attachments === undefined ? {} : { attachments }) };
    const attempts = threadId === undefined ? [whole] : [{ ...whole, parentId: threadId }, whole];
    for (const body of attempts) {
      const message = await unlessRefused(send(body), log, "message.refused");
      if (message !== undefined) return postedAs(message, 0);
    }
    return postedAs(await send({ ...address, text }), 0);
  }

  const post = (place: Place, view: View) => postTo(place, view, api.postMessage);

  const announce: Messenger["announce"] = ({ threadId, ...target }, view) =>
    postTo({ ...addressOf(target), ...(threadId !== undefined && { threadId }) }, view, api.postOnce);

  async function edit({ roomId, messageId }: Pick<Replaceable, "roomId" | "messageId">, view: View) {
    const call = api.editMessage(messageId, { roomId, ...contentOf(view) });
    const message = await unlessRefused(call, log, "edit.refused");
    return message && postedAs(message, 0);
  }

  async function replace(card: Replaceable, view: View): Promise<Posted> {
    if (card.edits < MOST_EDITS) {
      const edit = api.editMessage(card.messageId, { roomId: card.roomId, ...contentOf(view) });
      const message = await unlessRefused(edit, log, "edit.refused");
      if (message !== undefined) return postedAs(message, card.edits + 1);
    }
    const posted = await post(card, view);
    await api
      .deleteMessage(card.messageId)
      .catch((error: unknown) => log.warn("message.not_deleted", { error }));
    return posted;
  }

  async function postFile({ roomId, threadId }: Place, file: OutgoingFile, text: string): Promise<Posted> {
    const body = { roomId, text };
    if (threadId !== undefined) {
      const inThread = api.postFile({ ...body, parentId: threadId }, file);
      const message = await unlessRefused(inThread, log, "file.refused");
      if (message !== undefined) return postedAs(message, 0);
    }
    return postedAs(await api.postFile(body, file), 0);
  }

  return { post, postFile, replace, announce, edit };
}

interface To extends Pick<MessageBody, "roomId" | "toPersonId" | "toPersonEmail"> {
  readonly threadId?: string;
}

function addressOf(target: Target): To {
  if ("roomId" in target) return target;
  return "personId" in target ? { toPersonId: target.personId } : { toPersonEmail: target.email };
}

/** Another request would end the same, or might say everything twice. */
const POINTLESS: readonly string[] = ["webex.unauthorized", UNEXPECTED];

/** The answer; undefined when Webex refused this very request for good, so that another one may do. */
async function unlessRefused(
  call: Promise<WebexMessage>,
  log: Log,
  event: string,
): Promise<WebexMessage | undefined> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof Failure) || error.passing || POINTLESS.includes(error.code)) throw error;
    log.warn(event, { error });
    return undefined;
  }
}

function postedAs(message: WebexMessage, edits: number): Posted {
  return {
    messageId: message.id,
    roomId: message.roomId,
    edits,
    at: Date.parse(message.updated ?? message.created),
  };
}
