/** Laws of all sent messages. Each function returns the violations. */

/** A notice that was sent, as the outbox keeps it. */
export interface SentNotice {
  readonly id: number;
  readonly recipient: string;
  readonly kind: string;
  readonly alertId: number;
  readonly urgent: number;
  readonly regression: number;
  readonly possiblySent: number;
  readonly sentAt: number;
  readonly messageId: string;
}

export const SENT = `
  select id, recipient, kind, alert_id as alertId, urgent, regression, possibly_sent as possiblySent,
    sent_at as sentAt, message_id as messageId
  from outbox where state = 'sent' order by sent_at, id`;

/** One message and its notices. */
interface SentMessage {
  readonly recipient: string;
  readonly messageId: string;
  readonly at: number;
  readonly notices: readonly SentNotice[];
}

export function messagesOf(sent: readonly SentNotice[]): readonly SentMessage[] {
  const byId = new Map<string, SentNotice[]>();
  for (const one of sent) {
    const those = byId.get(one.messageId);
    if (those === undefined) byId.set(one.messageId, [one]);
    else those.push(one);
  }
  return [...byId].flatMap(([messageId, notices]) => {
    const [first] = notices;
    return first === undefined ? [] : { recipient: first.recipient, messageId, at: first.sentAt, notices };
  });
}

/**
 * ALERTS 20, d: two messages to a space are a window apart, but for what is urgent, a repeat of what may not have
 * been received, and the first regression in a quiet space.
 */
export function tooSoonMessages(sent: readonly SentNotice[], windowMs: number): readonly string[] {
  const spaces = new Map<string, Space>();
  return messagesOf(sent).flatMap((message) => {
    const { recipient, at, notices } = message;
    const space = spaces.get(recipient) ?? { lastAt: Number.NEGATIVE_INFINITY, openAlerts: new Set<number>() };
    const gap = at - space.lastAt;
    const isFault = gap < windowMs && isBoundByWindow(message, space);
    spaces.set(recipient, spaceAfter(space, message));
    return isFault ? [`${kindsOf(notices)} ${gap} ms after another one`] : [];
  });
}

interface Space {
  readonly lastAt: number;
  /** The alerts that it was notified of as open. Repeats do not count: they report the present state, maybe the end. */
  readonly openAlerts: ReadonlySet<number>;
}

function isBoundByWindow({ notices }: SentMessage, { openAlerts }: Space): boolean {
  if (notices.every(({ urgent, possiblySent }) => urgent === 1 || possiblySent === 1)) return false;
  return openAlerts.size > 0 || !notices.some(({ regression }) => regression === 1);
}

function spaceAfter({ lastAt, openAlerts }: Space, { at, notices }: SentMessage): Space {
  const opened = notices.filter(({ kind, possiblySent }) => OPENING.includes(kind) && possiblySent === 0);
  const ended = notices.filter(({ kind }) => ENDING.includes(kind));
  const still = [...openAlerts].filter((id) => ended.every(({ alertId }) => alertId !== id));
  return {
    lastAt: notices.some(({ urgent }) => urgent === 0) ? at : lastAt,
    openAlerts: new Set([...still, ...opened.map(({ alertId }) => alertId)]),
  };
}

/** A room that was told nothing of a flapping alert yet is told of it as flapping (ALERTS 13). */
const FIRST = ["alert", "flapping"];

const OPENING = ["alert", "reopen", "retry", "flapping-end"];
const ENDING = ["recovery", "flapping"];

/** ALERTS 19, b: nobody is notified of the end, or anything else, of an alert without a first notice. */
export function noticesWithoutAlert(sent: readonly SentNotice[]): readonly string[] {
  const notified = new Set<string>();
  return sent.flatMap((notice) => {
    const { recipient, kind, alertId, id } = notice;
    const key = `${recipient} ${alertId}`;
    if (FIRST.includes(kind)) notified.add(key);
    return isAboutAlert(notice) && !notified.has(key) ? [`${kind} ${id} of alert ${alertId}`] : [];
  });
}

/**
 * ALERTS 30: a message about one alert stands in the thread that its alert began; while a storm lasts, in the
 * storm's (ALERTS 21).
 */
export function noticesOutOfThread(
  sent: readonly SentNotice[],
  parentOf: (messageId: string) => string | undefined,
): readonly string[] {
  const roots = new Map<string, Set<string>>();
  const storms = new Set<string>();
  return messagesOf(sent).flatMap(({ recipient, messageId, notices }) => {
    const parent = parentOf(messageId);
    if (notices.filter(({ kind }) => kind === "alert" || kind === "reopen").length > STORM) storms.add(messageId);
    const isInStorm = parent !== undefined && storms.has(parent);
    return notices.flatMap((notice) => {
      const { kind, alertId } = notice;
      const begun = roots.get(`${recipient} ${alertId}`) ?? new Set<string>();
      roots.set(`${recipient} ${alertId}`, begun);
      const isBeginning = isFirst(notice, begun);
      if (isBeginning) begun.add(parent ?? messageId);
      const mustReply = notices.length === 1 && isAboutAlert(notice) && !isBeginning && !isInStorm;
      return mustReply && !begun.has(parent ?? "")
        ? [`${kind} of alert ${alertId} in ${parent}, not ${[...begun]}`]
        : [];
    });
  });
}

/** The notice that begins the thread of its alert. */
const isFirst = ({ kind }: SentNotice, begun: ReadonlySet<string>): boolean =>
  kind === "alert" || (kind === "flapping" && begun.size === 0);

/** An alert that came and went has no thread: it is a line of whatever is sent next (ALERTS 20). */
const isAboutAlert = ({ urgent, alertId, kind }: SentNotice): boolean =>
  urgent === 0 && alertId !== 0 && kind !== "came-and-went";

/** More than this many at once are a storm (ALERTS 21). */
const STORM = 10;

/** ALERTS e, f: each space is notified of an opening once, or once more where it may have been lost. */
export function notifiedTwice(sent: readonly SentNotice[]): readonly string[] {
  const notified = new Set<string>();
  return sent.flatMap(({ recipient, kind, alertId, possiblySent }) => {
    if (kind !== "alert") return [];
    const key = `${recipient} ${alertId}`;
    const isSecond = notified.has(key) && possiblySent === 0;
    notified.add(key);
    return isSecond ? [`alert ${alertId}`] : [];
  });
}

const kindsOf = (notices: readonly SentNotice[]): string => [...new Set(notices.map(({ kind }) => kind))].join("+");
