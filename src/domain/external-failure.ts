/** True for a `Failure`, which an outside system caused. Checked by its shape, because the domain may not import the class. */
export function isExternalFailure(error: unknown): error is Error & { readonly retryable: boolean } {
  return error instanceof Error && "retryable" in error && typeof error.retryable === "boolean";
}

/**
 * True if the Wholesale API gives no answer, for whatever reason: it is down, refuses the token, or sends nonsense. Then an older
 * answer is better than none. False if it has answered that this one question is wrong.
 */
export function isUnanswered(error: unknown): boolean {
  if (!isExternalFailure(error) || !("code" in error)) return false;
  const code = String(error.code);
  return /^(?:wholesale|http)\./.test(code) && !isAboutOneRequest(code);
}

/** True for the code of a rejection of one question alone, such as one with a wrong id or a wrong filter. Webex has no such code. */
export const isAboutOneRequest = (code: string): boolean => /^wholesale\.(?:invalid|missing|conflict|gone)$/.test(code);

/** True if the token lacks the scope for what was asked. */
export const isForbidden = (error: unknown): boolean =>
  isExternalFailure(error) && "code" in error && error.code === "wholesale.forbidden";

/** Why the Wholesale API gives no answer, as the end of a sentence about it, and what helps. */
export function describeNoAnswer(error: unknown): { readonly why: string; readonly hint?: string } {
  const code = isExternalFailure(error) && "code" in error ? error.code : undefined;
  if (code === "wholesale.unauthorized")
    return { why: "refuses the bot’s token (401)", hint: "The people who run this bot must set a new one." };
  if (code === "wholesale.forbidden")
    return {
      why: "does not let the bot’s token read customers (403)",
      hint: "The people who run this bot must give it the scope spark-admin:wholesale_customers_read.",
    };
  if (code === "wholesale.too_large") return { why: "sends more about this customer than the bot reads" };
  return { why: "does not answer at the moment" };
}
