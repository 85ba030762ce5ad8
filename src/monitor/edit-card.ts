import { buildCardEdit } from "../domain/alerts/refreshed-view.ts";
import type { CardEdit, EditOutcome, Outbox } from "../domain/ports/alerting.ts";
import type { Messenger } from "../domain/ports/messaging.ts";
import type { Clock, Log } from "../domain/ports/runtime.ts";
import { Failure } from "../errors.ts";

export interface EditCardDeps {
  readonly outbox: Pick<Outbox, "recordEdit">;
  readonly messenger: Pick<Messenger, "edit">;
  /** As for a message (PRODUCT 5). */
  readonly mayPost: (recipient: { readonly roomId: string }) => Promise<boolean | undefined>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Longer than an edit may take with its retries, so that an older content never overwrites a newer one. */
export const EDIT_LEASE_MS = 10 * 60_000;

/** Edits one claimed card to the present state of its alerts, and records the outcome (ALERTS 30). */
export async function editCard(deps: EditCardDeps, edit: CardEdit): Promise<void> {
  const { outbox, mayPost, clock, log } = deps;
  const outcome = (await mayPost({ roomId: edit.roomId })) ? await show(deps, edit) : "failed";
  await outbox.recordEdit(edit, outcome, clock());
  log.info("card.edited", { kind: edit.kind, outcome });
}

async function show({ messenger, clock, log }: EditCardDeps, edit: CardEdit): Promise<EditOutcome> {
  try {
    const edited = await messenger.edit(edit, buildCardEdit(edit, clock()));
    return edited === undefined ? "refused" : "shown";
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    log.warn("card.edit_failed", { error });
    return "failed";
  }
}
