import type { Target } from "../../domain/notices/outbox.ts";

const PERSON = "person:";
const EMAIL = "email:";

/** What targets that are people begin with. */
export const PEOPLE = [PERSON, EMAIL] as const;

/** A target as one text, as the tables have it. No two share one: Webex's ids have no colon in them. */
export function targetText(target: Target): string {
  if ("roomId" in target) return target.roomId;
  return "personId" in target ? PERSON + target.personId : EMAIL + target.email;
}

export function readTarget(text: string): Target {
  if (text.startsWith(PERSON)) return { personId: text.slice(PERSON.length) };
  return text.startsWith(EMAIL) ? { email: text.slice(EMAIL.length) } : { roomId: text };
}

/** The space that a target is; undefined for a person. */
export function roomOf(text: string): string | undefined {
  const target = readTarget(text);
  return "roomId" in target ? target.roomId : undefined;
}
