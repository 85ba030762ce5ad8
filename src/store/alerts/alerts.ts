import type { Alerts } from "../../domain/alerting.ts";
import { countEdit, readCards } from "../notices/edits.ts";
import { readAlert } from "../notices/reading.ts";
import type { OutboxDeps } from "../notices/step.ts";
import { createAlertChanges } from "./changes.ts";
import { readDesk, readShown } from "./desk.ts";
import { countFired } from "./fired.ts";
import { findSight, readSight } from "./sights.ts";

export function createAlerts(deps: OutboxDeps): Alerts {
  const { db } = deps;
  const ofScope = (scope: string) =>
    db.selectFrom("alerts").select("alert").where("scope", "=", scope).where("drill", "=", "").orderBy("id");
  const active = (scope: string) =>
    ofScope(scope)
      .where("active", "=", ({ lit }) => lit(1))
      .where("state", "!=", "closed");
  const read = (rows: readonly { readonly alert: string }[]) => rows.map(({ alert }) => readAlert(alert));
  return {
    async find(scope, id) {
      const row = await db
        .selectFrom("alerts")
        .select("alert")
        .where("scope", "=", scope)
        .where("id", "=", id)
        .executeTakeFirst();
      return row && readAlert(row.alert);
    },
    active: async (scope) => read(await active(scope).execute()),
    ofCustomer: async (scope, customerId) =>
      read(await active(scope).where("customerId", "=", customerId).execute()),
    since: async (scope, since) => read(await ofScope(scope).where("changedAt", ">=", since).execute()),
    fired: (scope, query) => countFired(db, scope, query),
    desk: (roomId) => readDesk(db, roomId),
    shownOn: (roomId, messageId) => readShown(db, roomId, messageId),
    sight: async (scope) => readSight(await findSight(db, scope)),
    change: createAlertChanges(deps),
    cardsOf: (alertIds) => readCards(db, alertIds),
    mayEdit: (roomId, messageId) => countEdit(deps, { roomId, messageId }),
  };
}
