import type { Alert } from "../../../src/domain/alerts/alert.ts";
import { WHOLE } from "../../../src/domain/customers/record.ts";
import { EVERYTHING, MINUTE } from "../../support/alerts.ts";
import { type Book, openBook, settle, type World } from "../../support/book.ts";
import { change, tick } from "../../support/book-asking.ts";
import { fail, lookUp, read } from "../../support/book-seeing.ts";
import { deliver, type Sending } from "../../support/book-telling.ts";

/**
 * Histories of one package of one customer, as a space lives through them that watches everything and is told at once:
 *
 *     t0[error] t5[provisioning] t10[error] -> open, attempt 2: t0 alert, t10 retry failed
 *
 * A step is a minute and what happens then: a complete sweep that finds the package in this status, unless it says `look`,
 * `look-up`, `page` (of a sweep that breaks off) or `suspect`. Instead of a status: `absent` is a customer that is not there,
 * `dropped` one without the package, `404` a look-up that finds nobody, and `customer error` has it about the customer itself.
 * `mute 30` is for 30 minutes; `unmute`, `ack`, `watch`, `unwatch`, `refused` (a 401) and `wait` speak for themselves.
 */
export function outcomeOf(history: string): string {
  const steps = [...history.matchAll(/t(\d+)\[([^\]]+)\]/g)];
  let book = deliver(read(ask(openBook(["hq"], AT_ONCE), "watch") ?? NEVER, sweep({}))).book;
  const heard: string[] = [];
  for (const [, minute = "", what = ""] of steps) {
    const now = Number(minute) * MINUTE;
    // Nobody is kept waiting for a sweep in these: what is left out was quiet.
    const taken = deliver(taking(tick({ ...book, awakeSince: now }, now), what));
    heard.push(...taken.sent.flatMap((sending) => wordsOf(sending).map((word) => `t${minute} ${word}`)));
    book = taken.book;
  }
  return `${stateOf(book.alerts)}: ${heard.join(", ") || "silence"}`;
}

const AT_ONCE = { waitMs: 0, intervalMs: 0 };
const NEVER = openBook([]);
const REFUSED = { cause: "wholesale.unauthorized", refused: true };
const sweep = (met: World) => ({ kind: "sweep", met, end: "complete" }) as const;

function taking(book: Book, what: string): Book {
  if (what === "wait") return book;
  if (what === "refused") return tick(fail(book, REFUSED));
  return ask(book, what) ?? seeing(book, what);
}

/** What somebody in the space asks; undefined when it is nothing that anybody asks. */
function ask(book: Book, what: string): Book | undefined {
  const { now } = book;
  const [verb, minutes = ""] = what.split(" ");
  const who = { personId: "olga", name: "Olga" };
  const options = { stuck: false, warnings: false, removed: false };
  const mute = { filter: EVERYTHING, from: now, until: now + Number(minutes) * MINUTE, because: "works" };
  const last = { alerts: book.alerts.map(({ id }) => id), number: book.rooms[0]?.mutes.length ?? 0 };
  if (verb === "ack") return change(book, "hq", { kind: "ack", ...last, ack: { ...who, at: now } });
  if (verb === "mute")
    return change(book, "hq", { kind: "mute", mute: { ...mute, personId: "olga", by: "Olga" } });
  if (verb === "unmute") return change(book, "hq", { kind: "unmute", ...last });
  if (verb === "unwatch") return change(book, "hq", { kind: "unwatch", number: 1 });
  return verb === "watch"
    ? change(book, "hq", { kind: "watch", filter: EVERYTHING, options, ownerId: "olga" })
    : undefined;
}

function seeing(book: Book, what: string): Book {
  const [, how = "sweep", status = ""] = /^(?:(page|look|look-up|suspect) )?(.+)$/.exec(what) ?? [];
  const met = worldOf(status);
  if (status === "404" || how === "look-up") return settle(lookUp(book, met));
  if (how === "page") return read(book, { kind: "sweep", met, end: "failed" });
  if (how === "suspect") return read(book, { kind: "sweep", met, end: "suspect" });
  return read(book, { kind: how === "look" ? "look" : "sweep", met, end: "complete" });
}

function worldOf(status: string): World {
  if (status === "absent" || status === "404") return {};
  if (status === "dropped") return { acme: {} };
  const [, own, calling = "provisioned"] = /^customer (\S+)(?: (\S+))?$/.exec(status) ?? [];
  return { acme: own === undefined ? { calling: status } : { [WHOLE]: own, calling } };
}

function wordsOf({ notices, alerts }: Sending): readonly string[] {
  return notices
    .filter(({ alertId, kind }) => alertId !== 0 || kind === "baseline")
    .map(({ kind, alertId, says }) => {
      const alert = alerts.find(({ id }) => id === alertId);
      const word =
        kind === "retry" ? "retry failed" : kind === "baseline" ? `${alerts.length} in error already` : kind;
      const whose = alert?.key.item === WHOLE ? `${word} of the customer` : word;
      return says.wasMuted ? `${whose} (was muted)` : whose;
    });
}

function stateOf(alerts: readonly Alert[]): string {
  const words = alerts.map((alert) =>
    [
      alert.state === "closed" ? alert.reason : alert.state,
      ...(alert.retrying && !alert.suspended ? ["retrying"] : []),
      ...(alert.attempt > 1 ? [`attempt ${alert.attempt}`] : []),
      ...(["suspended", "flapping", "ack", "baseline"] as const).filter((flag) => alert[flag]),
      ...(alert.absent > 0 ? [`absent ${alert.absent}`] : []),
    ].join(", "),
  );
  return words.join(" / ") || "nothing";
}
