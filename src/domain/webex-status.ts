import { type Alert, isActive } from "./alerts/alert.ts";
import { CUSTOMER_ITEM } from "./customers/record.ts";
import type { HealthCheck } from "./health-report.ts";
import { formatDuration, formatTime } from "./views/text.ts";
import type { View } from "./views/views.ts";

/** An incident or a maintenance of Webex that is on, as its status page tells it. Times are epoch milliseconds. */
export interface StatusEvent {
  readonly kind: "incident" | "maintenance";
  readonly name: string;
  /** The components that it is about, by their names. */
  readonly components: readonly string[];
  /** As the page writes it: `investigating`, `in_progress`; empty if it says nothing. */
  readonly status: string;
  readonly since?: number;
  readonly until?: number;
}

export interface WebexStatus {
  readonly readAt: number;
  /** Maintenances first. */
  readonly events: readonly StatusEvent[];
}

/** A state that was read longer ago is not shown: it may be over. */
const STALE_MS = 10 * 60_000;

/** The events that are on now; none where the page was not read for long. */
export function currentEvents(status: WebexStatus | undefined, now: number): readonly StatusEvent[] {
  if (status === undefined || now - status.readAt > STALE_MS) return [];
  return status.events.filter(({ until = now }) => until >= now);
}

/** One failed reading is no problem: the next one is a minute away. @param startedAt when the bot started */
export function webexStatusCheck(
  status: WebexStatus | undefined,
  { startedAt, now }: { readonly startedAt: number; readonly now: number },
): HealthCheck {
  const age = now - (status?.readAt ?? startedAt);
  const detail = status === undefined ? `not read for ${formatDuration(age)}` : `read ${formatDuration(age)} ago`;
  return { name: "Webex Status", vital: false, stopsHeartbeat: false, ok: age <= STALE_MS, detail };
}

/** `Webex Status: Webex Calling upgrade (maintenance until 14:00) and 1 more`; undefined without an event. */
export function statusLine(events: readonly StatusEvent[], now: number): string | undefined {
  const [first, ...others] = events;
  if (first === undefined) return undefined;
  return `Webex Status: ${describeEvent(first, now)}${others.length === 0 ? "" : ` and ${others.length} more`}`;
}

/** `Webex Calling upgrade (maintenance until 14:00)`, `Calls fail (investigating since 13:20)`. */
export function describeEvent({ kind, name, status, since, until }: StatusEvent, now: number): string {
  const word = kind === "maintenance" ? kind : status.replaceAll("_", " ") || kind;
  const end = kind === "maintenance" && until !== undefined ? ` until ${formatTime(until, now)}` : undefined;
  return `${name} (${word}${end ?? (since === undefined ? "" : ` since ${formatTime(since, now)}`)})`;
}

/**
 * The same card with one line of Webex Status: where a code says maintenance, or many share a cause, and something is on that may
 * concern these packages. It only adds that line: no alert is kept back because of it.
 */
export function withWebexStatus(view: View, status: WebexStatus | undefined): View {
  if (view.kind !== "alert" && view.kind !== "alerts" && view.kind !== "storm") return view;
  const events = currentEvents(status, view.now);
  if (events.length === 0) return view;
  const items = itemsOf(view);
  const webexStatus = statusLine(
    events.filter((event) => items.some((item) => mayConcern(event, item))),
    view.now,
  );
  return webexStatus === undefined ? view : { ...view, webexStatus };
}

/** The items of a card that may be in error because of Webex. */
function itemsOf(view: Extract<View, { readonly kind: "alert" | "alerts" | "storm" }>): readonly string[] {
  switch (view.kind) {
    case "alert":
      return isActive(view.alert) && saysMaintenance(view.alert) ? [view.alert.key.item] : [];
    case "alerts":
      return view.commonCode === undefined
        ? []
        : view.groups.flatMap(({ alerts }) => alerts.map(({ key }) => key.item));
    case "storm":
      return view.commonCode === undefined ? [] : view.byPackage.map(({ item }) => item);
  }
}

function saysMaintenance({ subject }: Alert): boolean {
  const problems = [...subject.packages, ...subject.addOns].flatMap((item) => item.problems);
  return [...problems, ...subject.problems].some(({ text }) => /\bmaintenance\b/i.test(text));
}

/** Which events may concern an item, by the words of its name and of theirs. */
const PRODUCTS: readonly (readonly [RegExp, RegExp])[] = [
  [/calling|voice|attendant|suite/, /\bcall(?:s|ing)?\b|\bvoice\b|\bpstn\b/i],
  [/meeting|suite/, /\bmeetings?\b|\bwebinars?\b/i],
  [/suite/, /\bmessag(?:es?|ing)\b|\bwebex app\b|\bsuite\b/i],
  [/^cx_|agent/, /\bcontact cent(?:er|re)\b|\bcustomer experience\b|\bcx\b|\bagents?\b/i],
];
/** These concern every order. */
const ORDERS = /\bprovision\w*|\bwholesale\b|\bcontrol hub\b|\bpartner hub\b/i;

function mayConcern({ name, components }: StatusEvent, item: string): boolean {
  const text = [name, ...components].join("\n");
  if (item === CUSTOMER_ITEM) return ORDERS.test(text);
  return ORDERS.test(text) || PRODUCTS.some(([items, words]) => items.test(item) && words.test(text));
}
