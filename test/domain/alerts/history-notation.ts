import type { Alert } from "../../../src/domain/alerts/alert.ts";
import { NO_WATCH_OPTIONS } from "../../../src/domain/alerts/watch.ts";
import { CUSTOMER_ITEM } from "../../../src/domain/customers/record.ts";
import { NO_FILTER } from "../../support/alert-fixtures.ts";
import { type AlertModel, type CustomerStatuses, createAlertModel, reconcile } from "../../support/alert-model.ts";
import { advanceTo, applyCommand } from "../../support/alert-model-commands.ts";
import { deliver, type OutgoingMessage } from "../../support/alert-model-delivery.ts";
import { lookup, observeCrawl, recordRefusals } from "../../support/alert-model-observing.ts";
import { MINUTE } from "../../support/time.ts";

/**
 * The alerts and messages after a history of one package, in a space that watches everything and is told at once:
 *
 *     t0[error] t5[provisioning] t10[error] -> open, attempt 2: t0 alert, t10 retry failed
 *
 * A step is a minute and an event. A status alone is a complete sweep that finds the package in this status. In front of it,
 * `poll`, `lookup`, `page` (of a sweep that breaks off) and `suspect` name another reading. Instead of a status, `absent` is a
 * missing customer, `dropped` a customer without the package, `404` a look-up without a customer, and `customer error` the
 * status of the customer itself. The other events are `mute 30` (minutes), `unmute`, `ack`, `watch`, `unwatch`, `refused` (a 401)
 * and `wait`.
 */
export function outcomeOf(history: string): string {
  const steps = [...history.matchAll(/t(\d+)\[([^\]]+)\]/g)];
  let model = deliver(
    observeCrawl(applyUserCommand(createAlertModel(["hq"], AT_ONCE), "watch") ?? NEVER, sweep({})),
  ).model;
  const sentWords: string[] = [];
  for (const [, minute = "", what = ""] of steps) {
    const now = Number(minute) * MINUTE;
    // `startedAt` is moved along, so that the time between two steps is no outage.
    const taken = deliver(applyStep(advanceTo({ ...model, startedAt: now }, now), what));
    sentWords.push(...taken.sent.flatMap((sending) => messageWords(sending).map((word) => `t${minute} ${word}`)));
    model = taken.model;
  }
  return `${stateOf(model.alerts)}: ${sentWords.join(", ") || "silence"}`;
}

const AT_ONCE = { waitMs: 0, intervalMs: 0 };
const NEVER = createAlertModel([]);
const sweep = (customers: CustomerStatuses) => ({ kind: "sweep", customers, end: "complete" }) as const;

function applyStep(model: AlertModel, what: string): AlertModel {
  if (what === "wait") return model;
  if (what === "refused") return advanceTo(recordRefusals(model));
  return applyUserCommand(model, what) ?? applyObservationStep(model, what);
}

/** Undefined when the step is not a command. */
function applyUserCommand(model: AlertModel, what: string): AlertModel | undefined {
  const { now } = model;
  const [verb, minutes = ""] = what.split(" ");
  const who = { personId: "olga", name: "Olga" };
  const mute = { filter: NO_FILTER, from: now, until: now + Number(minutes) * MINUTE, because: "works" };
  const last = { alerts: model.alerts.map(({ id }) => id), number: model.rooms[0]?.mutes.length ?? 0 };
  if (verb === "ack") return applyCommand(model, "hq", { kind: "ack", ...last, ack: { ...who, at: now } });
  if (verb === "mute")
    return applyCommand(model, "hq", { kind: "mute", mute: { ...mute, personId: "olga", by: "Olga" } });
  if (verb === "unmute") return applyCommand(model, "hq", { kind: "unmute", ...last });
  if (verb === "unwatch") return applyCommand(model, "hq", { kind: "unwatch", number: 1 });
  return verb === "watch"
    ? applyCommand(model, "hq", { kind: "watch", filter: NO_FILTER, options: NO_WATCH_OPTIONS, ownerId: "olga" })
    : undefined;
}

function applyObservationStep(model: AlertModel, what: string): AlertModel {
  const [, how = "sweep", status = ""] = /^(?:(page|lookup|poll|suspect) )?(.+)$/.exec(what) ?? [];
  const customers = worldOf(status);
  if (status === "404" || how === "lookup") return reconcile(lookup(model, customers));
  if (how === "page") return observeCrawl(model, { kind: "sweep", customers, end: "failed" });
  if (how === "suspect") return observeCrawl(model, { kind: "sweep", customers, end: "suspect" });
  return observeCrawl(model, { kind: how === "poll" ? "quick-poll" : "sweep", customers, end: "complete" });
}

function worldOf(status: string): CustomerStatuses {
  if (status === "absent" || status === "404") return {};
  if (status === "dropped") return { acme: {} };
  const [, own, calling = "provisioned"] = /^customer (\S+)(?: (\S+))?$/.exec(status) ?? [];
  return { acme: own === undefined ? { calling: status } : { [CUSTOMER_ITEM]: own, calling } };
}

function messageWords({ notices, alerts }: OutgoingMessage): readonly string[] {
  return notices
    .filter(({ alertId, kind }) => alertId !== 0 || kind === "baseline")
    .map(({ kind, alertId, details }) => {
      const alert = alerts.find(({ id }) => id === alertId);
      const word = kind === "retry" ? "retry failed" : kind === "baseline" ? `${alerts.length} already` : kind;
      const whose = alert?.key.item === CUSTOMER_ITEM ? `${word} of the customer` : word;
      return details.wasMuted ? `${whose} (was muted)` : whose;
    });
}

function stateOf(alerts: readonly Alert[]): string {
  const words = alerts.map((alert) =>
    [
      alert.state === "closed" ? alert.reason : alert.state,
      ...(alert.retrying && alert.state === "open" && !alert.suspended ? ["retrying"] : []),
      ...(alert.attempt > 1 ? [`attempt ${alert.attempt}`] : []),
      ...(["suspended", "flapping", "ack", "baseline"] as const).filter((flag) => alert[flag]),
      ...(alert.absentSweeps > 0 ? [`absent ${alert.absentSweeps}`] : []),
    ].join(", "),
  );
  return words.join(" / ") || "nothing";
}
