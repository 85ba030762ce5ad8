import type { Value } from "./customers/filter-fields.ts";
import type { Scope } from "./customers/sweep.ts";
import type { Role } from "./role.ts";

/**
 * The audit’s record of a question, of a press, or of a start of the bot (PRODUCT 2). Free words of people are no part of it:
 * neither notes and reasons, nor words that were searched for.
 */
export interface AuditEntry {
  /** The event of the inbox; absent for a start. An event has one row for each outcome, however often it is handled. */
  readonly eventId?: number;
  /** Absent for the bot itself. Only the id where nobody asked Webex who it is. */
  readonly person?: AuditedPerson;
  readonly role: AuditRole;
  /** Empty for a start. */
  readonly roomId: string;
  /** The title of the space at that time; empty where it is not known. */
  readonly space: string;
  /** The sub-partner that the space was bound to. */
  readonly scope: Scope;
  /** The word that the command begins with; empty where there was none. */
  readonly command: string;
  /** The command with `"..."` in place of free words. */
  readonly text: string;
  readonly isPress: boolean;
  readonly outcome: AuditOutcome;
  /** Why it was refused or not answered; empty for all other outcomes. */
  readonly because: string;
}

export interface AuditedPerson {
  readonly personId: string;
  /** For people; empty where it is not known. */
  readonly name: string;
  readonly email: string;
}

/** `bot`: this one, or another that wrote. `unknown`: nobody asked Webex who it is. */
export type AuditRole = Role | "stranger" | "bot" | "unknown";

export const AUDIT_OUTCOMES = [
  /** The answer was posted. */
  "answered",
  /** A change was saved, such as a watch or an acknowledgement. */
  "done",
  "refused",
  /** The answer says that the bot or the Wholesale API failed. */
  "failed",
  "misunderstood",
  /** A press that was answered before. */
  "repeated",
  /** A press on a card that is not the bot's. */
  "ignored",
  /** It was given up. */
  "unanswered",
  /** The bot started. */
  "started",
] as const;

export type AuditOutcome = (typeof AUDIT_OUTCOMES)[number];

/** The command of a start of the bot. */
export const START = "start";

export type AuditField = "who" | "command" | "outcome";

/** `who=ada,bob*`: one term of the filter of `audit`. */
export interface AuditTerm {
  readonly field: AuditField;
  readonly negated: boolean;
  readonly values: readonly Value[];
}

/** A row as it is read: it names nobody who was forgotten since. */
export interface AuditRow extends Omit<AuditEntry, "eventId" | "person"> {
  /** Counts up. */
  readonly id: number;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly who: Who;
}

export type Who =
  | { readonly is: "person"; readonly personId: string; readonly name: string }
  | { readonly is: "forgotten" }
  | { readonly is: "the bot" };

/** The name of a person for people; the role alone of somebody who was forgotten. */
export function whoTitle({ who }: Pick<AuditRow, "who">): string {
  switch (who.is) {
    case "the bot":
      return "The bot";
    case "forgotten":
      return "Somebody forgotten";
    case "person":
      return who.name || "Somebody without a name";
  }
}

/** `refused: guests`. */
export function outcomeTitle({ outcome, because }: Pick<AuditRow, "outcome" | "because">): string {
  return because === "" ? outcome : `${outcome}: ${because}`;
}
