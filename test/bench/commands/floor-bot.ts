import express from "express";
import { createHttpClient } from "../../support/http-client.ts";
import { createSimpleAnswer, logStarted } from "./simple-answer.ts";

/**
 * The floor: what no bot can do without. No framework, no check of a signature or a right, nothing kept: what is asked while it is
 * down is lost, and so is what fails.
 */
const { env } = process;
const webex = createHttpClient(env.WEBEX_API_URL ?? "", env.WEBEX_BOT_TOKEN);
const makeAnswer = createSimpleAnswer(env);
const { id: botId } = await webex<{ id: string }>("GET", "/people/me");

interface Hook {
  readonly resource: "messages" | "attachmentActions";
  readonly data: { readonly id: string; readonly personId: string };
}

interface Written {
  readonly roomId: string;
  readonly text?: string;
  readonly messageId?: string;
}

async function answer({ resource, data: { id, personId } }: Hook): Promise<void> {
  if (personId === botId) return;
  const path = resource === "messages" ? "/messages" : "/attachment/actions";
  const { roomId, text, messageId } = await webex<Written>("GET", `${path}/${id}`);
  if (text !== undefined && !text.includes("customers")) return;
  const { text: plain, card } = await makeAnswer();
  const attachments = [{ contentType: "application/vnd.microsoft.card.adaptive", content: card }];
  const message = { roomId, text: plain, attachments };
  await (messageId === undefined
    ? webex("POST", "/messages", message)
    : webex("PUT", `/messages/${messageId}`, message));
}

const app = express().post("/webhook", express.json(), (request, response) => {
  response.end();
  void answer(request.body);
});
app.listen(Number(env.PORT), "127.0.0.1", async () => {
  for (const resource of ["messages", "attachmentActions"]) {
    const targetUrl = `${env.PUBLIC_URL}/webhook`;
    await webex("POST", "/webhooks", { name: resource, targetUrl, resource, event: "created" });
  }
  logStarted();
});
