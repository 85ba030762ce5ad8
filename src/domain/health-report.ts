/** The state of the bot, for `status` in a space and for `/readyz`. */
export interface HealthReport {
  readonly version: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly checks: readonly HealthCheck[];
}

export interface HealthCheck {
  readonly name: CheckName;
  readonly ok: boolean;
  /** One phrase without secrets or addresses. */
  readonly detail: string;
  /** `/readyz` answers 503 while this check fails, because webhooks cannot be stored (ALERTS 32). */
  readonly vital: boolean;
  /** `HEARTBEAT_URL` is not called while this check fails, because the bot cannot see, hear or speak. */
  readonly stopsHeartbeat: boolean;
  /** True where `status` shows it although nothing fails, as when messages wait. */
  readonly isNotable?: boolean;
}

/** The check that fails during an outage (ALERTS 31). */
export const OUTAGE_CHECK = "Sight";

/** The checks, with what people read of them in `status`. The names are part of the JSON of `/readyz`, which must not change. */
export const CHECK_WORDS = {
  Database: {
    row: "Database",
    problem: "the bot’s database cannot be written",
    hint: "Questions and alerts wait. The people who run this bot find the cause by “npm run doctor”; often the disk is full.",
  },
  Inbox: {
    row: "Questions",
    problem: "questions are answered late",
    hint: "Each is answered in its turn. If that lasts for more than some minutes, tell the people who run this bot.",
  },
  "Webex webhooks": {
    row: "Webex webhooks",
    problem: "what people write may not reach the bot",
    hint: "The people who run this bot find the cause by “npm run doctor”.",
  },
  "Webex socket": {
    row: "Connection to Webex",
    problem: "what people write may not reach the bot",
    hint: "The bot connects again by itself. The people who run this bot find the cause in its log: socket.failed.",
  },
  "Wholesale API": {
    row: "Last call of the Wholesale API",
    problem: "the Wholesale API did not answer the last question",
    hint: "Until it does, the bot answers from its own copy of the customers. See status.webex.com.",
  },
  Snapshot: {
    row: "Reading all customers",
    problem: "the last reading of all customers was not complete",
    hint: "Answers may be out of date. The bot reads them again by itself.",
  },
  "Webex messages": {
    row: "Last message to Webex",
    problem: "Webex did not take the last message",
    hint: "The bot sends it again by itself; “outbox” shows operators what waits.",
  },
  Outbox: {
    row: "Messages of alerts",
    problem: "messages of alerts are late",
    hint: "Operators see why with “outbox”, and can send them again there.",
  },
  [OUTAGE_CHECK]: {
    row: "Wholesale API",
    problem: "the customers cannot be read from Webex",
    hint: "Answers may be out of date, and errors may be found late. The bot tells its spaces when it can read them again.",
  },
  "Webex Status": {
    row: "Webex Status",
    problem: "the status page of Webex cannot be read",
    hint: "Alerts do not say what Webex tells of itself until it can; see status.webex.com. The people who run this bot set its address as STATUS_URL.",
  },
  Clock: {
    row: "Clock",
    problem: "the clock of the bot’s machine is wrong",
    hint: "The people who run this bot must set it: digests, reminders and expiries go by it.",
  },
  Bot: { row: "Bot", problem: "the bot does not run", hint: "The people who run it must start it." },
} as const satisfies Readonly<
  Record<string, { readonly row: string; readonly problem: string; readonly hint: string }>
>;

export type CheckName = keyof typeof CHECK_WORDS;
