import type { AuditOutcome } from "../audit.ts";

/** Counts what happens, for `/metrics`. Its labels are names of this code: never an id, a text or an address. */
export interface Meter {
  /** A message or a press was taken up, and what became of it. @param name empty where there was no command */
  command(name: string, outcome: CommandOutcome, ms: number): void;
  sweep(state: "complete" | "suspect" | "failed" | "interrupted", ms: number): void;
  /** A call to the Wholesale API waits for the budget; the returned function ends the wait. */
  budgetWait(kind: "question" | "crawl"): () => void;
  /** The incidents and maintenances of Webex that are on, as its status page tells. */
  webexStatus(on: { readonly incidents: number; readonly maintenances: number }): void;
  webhookRefused(reason: "signature" | "malformed"): void;
}

/** `postponed`: Webex or the database failed, and it is tried again later. */
export type CommandOutcome = AuditOutcome | "postponed";
