import { shownOnCard } from "../domain/alerts/messages.ts";
import { buildCardEdit } from "../domain/alerts/refreshed-view.ts";
import type { CardEdit, EditOutcome, Outbox } from "../domain/ports/alerting.ts";
import type { Gate } from "../domain/ports/messaging.ts";
import type { Clock, FaultLog } from "../domain/ports/runtime.ts";
import { type WebexStatus, withWebexStatus } from "../domain/webex-status.ts";
import { Failure } from "../errors.ts";

export interface EditCardDeps {
  readonly outbox: Pick<Outbox, "recordEdit">;
  readonly gate: Pick<Gate, "edit">;
  readonly webexStatus: () => WebexStatus | undefined;
  readonly clock: Clock;
  readonly log: FaultLog;
}

/** Longer than an edit may take with its retries, so that an older content never overwrites a newer one. */
export const EDIT_LEASE_MS = 10 * 60_000;

/** Edits one claimed card to the present state of its alerts, and records the outcome (ALERTS 30). */
export async function editCard(deps: EditCardDeps, edit: CardEdit): Promise<void> {
  const { outbox, clock, log } = deps;
  const outcome = await show(deps, edit);
  await outbox.recordEdit(edit, outcome, clock());
  log.info("card.edited", { kind: edit.kind, outcome });
}

async function show({ gate, webexStatus, clock, log }: EditCardDeps, edit: CardEdit): Promise<EditOutcome> {
  try {
    const view = withWebexStatus(buildCardEdit(edit, clock()), webexStatus());
    const edited = await gate.edit(edit, view, shownOnCard(edit));
    log.working("card.edit_failed");
    if (edited === undefined) return "refused";
    return "withheld" in edited ? "withheld" : "shown";
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    log.failing("card.edit_failed", { error });
    return "failed";
  }
}
