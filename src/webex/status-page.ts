import { z } from "zod";
import { foreignText } from "../domain/foreign-text.ts";
import type { Meter } from "../domain/ports/meter.ts";
import type { Clock, FaultLog } from "../domain/ports/runtime.ts";
import type { StatusEvent, WebexStatus } from "../domain/webex-status.ts";
import { Failure } from "../errors.ts";
import type { Http } from "../http.ts";

/** The page is for people and its format is nobody's promise: whatever is not understood counts as absent. */
const text = z.string().trim().transform(foreignText).nullish().catch(null);
const names = z
  .array(z.object({ name: text }).catch({ name: null }))
  .nullish()
  .catch(null);
const event = z.object({
  name: text,
  incidentName: text,
  status: text,
  resolved_at: text,
  commercial: z.boolean().nullish().catch(null),
  components: names,
  start_at: text,
  started_at: text,
  scheduled_for: text,
  startTime: text,
  created_at: text,
  end_at: text,
  scheduled_until: text,
  endTime: text,
});
const events = z.array(z.unknown());

/** `index.json` and `summary.json` have both lists, the other documents one of them. */
const page = z
  .object({ incidents: events.optional(), scheduled_maintenances: events.optional() })
  .refine(({ incidents, scheduled_maintenances }) => (incidents ?? scheduled_maintenances) !== undefined);

/** More are not shown, and longer texts are cut. */
const MOST = 50;
const LONGEST_NAME = 200;
const LONGEST_STATUS = 40;
const OVER = /^(?:resolved|completed|postmortem|cancelled|canceled)$/;

/** The events of a document of Webex Status that are on now; undefined if it is none. */
export function parseStatusPage(json: unknown, now: number): readonly StatusEvent[] | undefined {
  const read = page.safeParse(json);
  if (!read.success) return undefined;
  const { incidents = [], scheduled_maintenances = [] } = read.data;
  return [
    ...scheduled_maintenances.slice(0, MOST).flatMap((row) => eventOf(row, "maintenance", now)),
    ...incidents.slice(0, MOST).flatMap((row) => eventOf(row, "incident", now)),
  ];
}

function eventOf(row: unknown, kind: StatusEvent["kind"], now: number): readonly StatusEvent[] {
  const { success, data } = event.safeParse(row);
  if (!success) return [];
  const name = (data.name || data.incidentName || "").slice(0, LONGEST_NAME);
  const status = (data.status ?? "").slice(0, LONGEST_STATUS).toLowerCase().replaceAll(" ", "_");
  // The clouds of the US government have incidents of their own.
  if (name === "" || data.commercial === false || data.resolved_at || OVER.test(status)) return [];
  const begun = [data.start_at, data.started_at, data.scheduled_for, data.startTime, data.created_at];
  const since = timeOf(...begun);
  // An incident has no end while it lasts, though one is written.
  const until = kind === "maintenance" ? timeOf(data.end_at, data.scheduled_until, data.endTime) : undefined;
  const isOn = status !== "scheduled" || (since !== undefined && until !== undefined && since <= now && now <= until);
  if (!isOn) return [];
  const components = (data.components ?? [])
    .slice(0, MOST)
    .flatMap(({ name: component }) => (component ? [component] : []));
  const times = { ...(since !== undefined && { since }), ...(until !== undefined && { until }) };
  return [{ kind, name, components, status, ...times }];
}

/** The first one that is a time. */
function timeOf(...texts: readonly (string | null | undefined)[]): number | undefined {
  return texts.map((one) => Date.parse(one ?? "")).find((at) => !Number.isNaN(at));
}

/** The limits of the client that reads the page: it is read again in a minute anyway. */
export const STATUS_HTTP = { connections: 1, timeoutMs: 5_000, retries: 0, bodyLimit: 4 * 1024 * 1024 };

/** @param url the document, at the host of the client */
export async function readStatusPage(
  http: Pick<Http, "request">,
  url: string,
  { clock, signal }: { readonly clock: Clock; readonly signal?: AbortSignal | undefined },
): Promise<WebexStatus> {
  const { pathname, search } = new URL(url);
  const path = `${pathname}${search}`;
  const response = await http.request({ method: "GET", path, ...(signal && { signal }) });
  if (response.status !== 200) throw refused(response.status);
  const readAt = clock();
  const events = parseStatusPage(response.json(), readAt);
  if (events === undefined) throw UNREADABLE;
  return { readAt, events };
}

interface StatusReaderDeps {
  readonly http: Pick<Http, "request">;
  /** `STATUS_URL`. */
  readonly url: string;
  readonly meter: Pick<Meter, "webexStatus">;
  readonly clock: Clock;
  readonly log: FaultLog;
}

/** Reads Webex Status. `read` throws a `Failure` when it cannot; what was read before stays until it is too old. */
export function createStatusReader({ http, url, meter, clock, log }: StatusReaderDeps) {
  let last: WebexStatus | undefined;
  return {
    current: (): WebexStatus | undefined => last,
    async read(signal?: AbortSignal): Promise<void> {
      const now = await readStatusPage(http, url, { clock, signal });
      const count = (kind: StatusEvent["kind"]) => now.events.filter((one) => one.kind === kind).length;
      const counts = { incidents: count("incident"), maintenances: count("maintenance") };
      meter.webexStatus(counts);
      if (namesIn(now.events) !== namesIn(last?.events ?? [])) log.info("webex_status.changed", counts);
      last = now;
    },
  };
}

const namesIn = (found: readonly StatusEvent[]): string =>
  found
    .map(({ name }) => name)
    .toSorted()
    .join("\n");

const HINT = "Set STATUS_URL to https://status.webex.com/index.json, or to a document in its form.";

const refused = (status: number): Failure =>
  new Failure("webex_status.refused", `Webex Status answered ${status}.`, HINT, { retryable: true });

const UNREADABLE = new Failure("webex_status.unreadable", "Webex Status sent something else than incidents.", HINT, {
  retryable: true,
});
