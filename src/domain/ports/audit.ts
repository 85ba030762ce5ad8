import type { AuditEntry, AuditedPerson, AuditRow, AuditTerm } from "../audit.ts";
import type { Scope } from "../customers/sweep.ts";

/** The rows are only added, and deleted after 400 days. Those of an event are written with the event, or with what it changed. */
export interface Audit {
  /** Adds the row of what belongs to no event. */
  add(entry: AuditEntry, now: number): Promise<void>;
  /** Newest first. */
  find(
    query: AuditQuery & { readonly offset: number; readonly max: number },
  ): Promise<{ readonly rows: readonly AuditRow[]; readonly total: number }>;
  /** The people whom the bot knows by this address or id; else those whose name has this in it. */
  peopleNamed(text: string, max: number): Promise<readonly AuditedPerson[]>;
  /** All rows that match, newest first. */
  stream(query: AuditQuery): AsyncIterable<AuditRow>;
}

export interface AuditQuery {
  readonly terms: readonly AuditTerm[];
  /** Epoch milliseconds. */
  readonly since?: number | undefined;
  /** The number of the newest row that is asked for, so that pages stay as they are while rows are added. */
  readonly upTo?: number | undefined;
  /** Of spaces that were bound to this sub-partner alone; of all when absent. */
  readonly scope?: Scope | undefined;
}
