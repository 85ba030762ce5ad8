/** Every event that the bot logs. docs/operate.md says what to do about each; a test compares the two. */

interface FaultKind {
  readonly level: "warn" | "error";
  /** The event that is logged when it ends. */
  readonly over: string;
  /** The cure, for the log; the hint of a `Failure` has precedence. */
  readonly cure: string;
  /** Among many calls, some of which succeed: it ends with a success this long after the last failure. */
  readonly calmMs?: number;
}

const MINUTE = 60_000;
const CALM_MS = 10 * MINUTE;
const BUG = "Report it as a bug, with this line.";
const DATABASE = "See that the database can be written; /readyz says whether it can.";
const WEBEX_DOWN = "Nothing, if it passes; if it lasts, look at status.webex.com and at the network of this host.";

/** Faults that may last: logged when they begin, hourly while they last, and when they end. */
export const FAULTS = {
  "answer.postponed": { level: "warn", over: "answer.on_time", cure: WEBEX_DOWN, calmMs: CALM_MS },
  "card.edit_failed": { level: "warn", over: "card.edits_work", cure: WEBEX_DOWN, calmMs: CALM_MS },
  "clock.failed": { level: "warn", over: "clock.recovered", cure: "Set the clock of this machine by NTP." },
  "customer.unreadable": {
    level: "warn",
    over: "customer.readable",
    cure: "Open the customer in Partner Hub; its alerts stay as they are until it can be read.",
    calmMs: 60 * MINUTE,
  },
  "database.failed": { level: "error", over: "database.recovered", cure: DATABASE },
  "delivery.failed": { level: "error", over: "delivery.recovered", cure: DATABASE },
  "heartbeat.failed": {
    level: "error",
    over: "heartbeat.recovered",
    cure: "See that HEARTBEAT_URL can be reached from this host.",
  },
  "heartbeat.skipped": {
    level: "warn",
    over: "heartbeat.resumed",
    cure: "Ask the bot for status: it names the cause.",
  },
  "inbox.failed": { level: "error", over: "inbox.recovered", cure: DATABASE },
  "lease.not_renewed": { level: "warn", over: "lease.renewed", cure: DATABASE },
  "lookup.failed": {
    level: "warn",
    over: "lookup.recovered",
    cure: "Nothing: the next sweep looks the same customers up.",
  },
  "names.failed": { level: "warn", over: "names.recovered", cure: "Nothing: names are read again in five minutes." },
  "names.list_failed": {
    level: "warn",
    over: "names.list_recovered",
    cure: "Nothing: names are read one by one, and the list is asked for again in an hour.",
  },
  "notice.delivery_failed": { level: "warn", over: "notice.delivery_works", cure: WEBEX_DOWN, calmMs: CALM_MS },
  "quick_poll.failed": {
    level: "warn",
    over: "quick_poll.recovered",
    cure: "See sweep.failed: both read the same API.",
  },
  "readers.unknown": { level: "warn", over: "readers.known", cure: WEBEX_DOWN, calmMs: CALM_MS },
  "request.failed": { level: "error", over: "request.recovered", cure: DATABASE },
  "room_checks.failed": { level: "error", over: "room_checks.recovered", cure: WEBEX_DOWN },
  "scheduler.failed": { level: "error", over: "scheduler.recovered", cure: DATABASE },
  "socket.failed": { level: "warn", over: "socket.listening", cure: WEBEX_DOWN },
  "sweep.failed": { level: "warn", over: "sweep.recovered", cure: BUG },
  "sweep.suspect": {
    level: "warn",
    over: "sweep.believed",
    cure: "If most customers were really removed, an operator says so by `confirm`; else ask Webex why the list is short.",
  },
  "tidy.failed": { level: "error", over: "tidy.recovered", cure: DATABASE },
  "webex.retry": { level: "warn", over: "webex.calm", cure: WEBEX_DOWN, calmMs: CALM_MS },
  "webex_status.failed": {
    level: "warn",
    over: "webex_status.recovered",
    cure: "See that STATUS_URL can be reached from this host. Alerts are sent all the same.",
  },
  "webhook.rejected": {
    level: "warn",
    over: "webhook.accepted",
    cure: "Strangers may try this. If the bot is silent: WEBEX_WEBHOOK_SECRET must be the same in all instances.",
    calmMs: 60 * MINUTE,
  },
  "webhooks.failed": { level: "error", over: "webhooks.recovered", cure: WEBEX_DOWN },
  "wholesale.filter_ignored": {
    level: "warn",
    over: "wholesale.filter_works",
    cure: "Nothing: the bot filters by itself. Report it to Webex.",
    calmMs: 60 * MINUTE,
  },
  "wholesale.refresh_failed": {
    level: "warn",
    over: "wholesale.refreshed",
    cure: "Check WHOLESALE_CLIENT_ID and WHOLESALE_CLIENT_SECRET, or get a new WHOLESALE_REFRESH_TOKEN by “npm run doctor -- token”.",
  },
  "wholesale.retry": { level: "warn", over: "wholesale.calm", cure: WEBEX_DOWN, calmMs: CALM_MS },
  "wholesale.waiting": {
    level: "warn",
    over: "wholesale.ready",
    cure: "If it lasts, lower API_CALLS_PER_MINUTE: something else uses the same limit.",
    calmMs: CALM_MS,
  },
} as const satisfies Readonly<Record<string, FaultKind>>;

export type FaultEvent = keyof typeof FAULTS;

/** Events that are logged each time. */
export const EVENTS = [
  "access.no_operators",
  "answer.denied",
  "answer.duplicate",
  "answer.failed",
  "answer.sent",
  "answer.waits",
  "app.backup_restored",
  "app.start_failed",
  "app.started",
  "app.stopped",
  "app.stopping",
  "card.edited",
  "card.invalid",
  "edit.rejected",
  "event.gone",
  "event.ignored",
  "event.too_old",
  "event.untrue",
  "file.failed",
  "file.rejected",
  "greeting.sent",
  "greeting.skipped",
  "guests_notice.failed",
  "inbox.dropped",
  "inbox.leases_released",
  "lease.lost",
  "message.not_deleted",
  "message.rejected",
  "message.withheld",
  "names.disabled",
  "names.listed",
  "notice.given_up",
  "notice.sent",
  "notice.withheld",
  "outbox.leases_released",
  "press.ignored",
  "process.unhandled",
  "quick_poll.complete",
  "reply.failed",
  "room.left",
  "room.migration_ambiguous",
  "room.migration_followed",
  "shutdown.step_failed",
  "shutdown.step_slow",
  "socket.experimental",
  "socket.id_composed",
  "socket.refused",
  "store.connection_lost",
  "store.encrypted",
  "store.plain_text",
  "store.tidied",
  "store.tokens_encrypted",
  "store.volatile",
  "sweep.complete",
  "under_way.failed",
  "under_way.shown",
  "wait_note.failed",
  "webex_status.changed",
  "webhook.created",
  "webhook.reactivated",
  "webhook.updated",
  "wholesale.multi_status",
] as const;

export type PlainEvent = (typeof EVENTS)[number];

export type LogEvent = PlainEvent | FaultEvent | (typeof FAULTS)[FaultEvent]["over"];
