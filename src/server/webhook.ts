import { type Request, type RequestHandler, type Response, raw } from "express";

/** What the webhook route asks of the house: whether the bytes are Webex's, and to keep the event before it says 200. */
export interface WebhookDeps {
  readonly isSigned: (body: Buffer, signature: string | undefined) => boolean;
  /** Resolves once the event is kept, or known already, or of no interest; `malformed` when it is no event. */
  readonly receive: (body: string) => Promise<"kept" | "known" | "ignored" | "malformed">;
  readonly onRefused: (reason: string) => void;
}

/** A webhook call of Webex is a few hundred bytes. */
const MAX_BODY = "64kb";

/**
 * Bytes -> signature, else 401 -> JSON, else 400 -> kept -> 200. Nothing is answered 200 that could still be lost, and
 * nothing is read of a body whose signature is wrong. A body over the limit is answered 413 by express.
 */
export function webhookRoute({ isSigned, receive, onRefused }: WebhookDeps): readonly RequestHandler[] {
  async function take(request: Request, response: Response): Promise<void> {
    const body: unknown = request.body;
    if (!Buffer.isBuffer(body) || !isSigned(body, request.get("x-spark-signature"))) {
      onRefused("signature");
      response.status(401).json({ message: "The signature does not match the body." });
      return;
    }
    const outcome = await receive(body.toString("utf8"));
    if (outcome === "malformed") onRefused("malformed");
    response.status(outcome === "malformed" ? 400 : 200).json({ outcome });
  }
  return [raw({ type: () => true, limit: MAX_BODY, inflate: false }), take];
}
