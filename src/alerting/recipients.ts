import type { Recipient } from "../domain/alerts/notice.ts";

const PERSON_PREFIX = "person:";
const EMAIL_PREFIX = "email:";

/** The keys of recipients that are people begin with one of these. */
export const PEOPLE_PREFIXES = [PERSON_PREFIX, EMAIL_PREFIX] as const;

/** A recipient as the tables have it. Unique, because ids of Webex contain no colon. */
export function recipientKey(recipient: Recipient): string {
  if ("roomId" in recipient) return recipient.roomId;
  return "personId" in recipient ? PERSON_PREFIX + recipient.personId : EMAIL_PREFIX + recipient.email;
}

export function parseRecipient(text: string): Recipient {
  if (text.startsWith(PERSON_PREFIX)) return { personId: text.slice(PERSON_PREFIX.length) };
  return text.startsWith(EMAIL_PREFIX) ? { email: text.slice(EMAIL_PREFIX.length) } : { roomId: text };
}

/** Undefined for a person. */
export function roomIdOf(key: string): string | undefined {
  const recipient = parseRecipient(key);
  return "roomId" in recipient ? recipient.roomId : undefined;
}
