import { watchedCustomers } from "../alerts/watch.ts";
import { formatFilter } from "../commands/format.ts";
import { type SnapshotAge, WHOLE_TOKEN } from "../customers/sweep.ts";
import { CHECK_WORDS, type HealthCheck } from "../health-report.ts";
import type { ScopedFilter } from "../ports/snapshot.ts";
import { formatCount, formatDuration, formatNumber } from "../views/text.ts";
import { currentEvents, describeEvent } from "../webex-status.ts";
import type { Reply, ReplyContext } from "./reply.ts";

/** One sentence that says if the bot works, what to do if not, and a row for each thing that is not as it should be. */
export async function replyStatus(context: ReplyContext): Promise<Reply> {
  const { health, snapshot, clock } = context;
  const { version, startedAt, checks } = await health();
  const age = await snapshot.age(WHOLE_TOKEN);
  const failed = checks.filter(({ ok }) => !ok);
  const shown = checks.filter(({ ok, isNotable }) => !ok || isNotable);
  return {
    view: {
      kind: "notice",
      tone: failed.length > 0 ? "warning" : "info",
      title: titleOf(failed),
      lines: [
        ...new Set(failed.map(({ name }) => CHECK_WORDS[name].hint)),
        ...(failed.length === 0 ? [readingLine(age, clock())] : []),
        `Version ${version}, running for ${formatDuration(clock() - startedAt)}.`,
      ],
      facts: [
        ...shown.map(({ name, detail }) => ({ title: CHECK_WORDS[name].row, value: detail })),
        ...webexStatusFacts(context),
        ...(await watchFacts(age, context)),
      ],
      buttons: [{ title: "Refresh", command: "status" }],
    },
  };
}

/** `Messages of alerts are late`, `2 problems: the customers cannot be read from Webex; messages of alerts are late` */
function titleOf(failed: readonly HealthCheck[]): string {
  const problems = failed.map(({ name }) => CHECK_WORDS[name].problem);
  const [first = "everything works"] = problems;
  if (problems.length > 1) return `${problems.length} problems: ${problems.join("; ")}`;
  return `${first.charAt(0).toUpperCase()}${first.slice(1)}`;
}

function readingLine({ completeAt, customers }: SnapshotAge, now: number): string {
  if (completeAt === undefined)
    return `The first reading of all customers is not complete: ${formatNumber(customers)} so far.`;
  return `All ${formatCount(customers, "customer")} were read ${formatDuration(now - completeAt)} ago.`;
}

const MOST_EVENTS = 5;

/** The incidents and maintenances of Webex that are on; no fact where there are none, or where its status page is not read. */
function webexStatusFacts({ webexStatus, clock }: ReplyContext) {
  const now = clock();
  const events = currentEvents(webexStatus(), now).slice(0, MOST_EVENTS);
  return events.map((event) => ({ title: "Webex", value: describeEvent(event, now) }));
}

/** The number of customers that no space watches, of which nobody is told; no fact where there are none. */
async function watchFacts({ customers }: SnapshotAge, { snapshot, alerts, clock }: ReplyContext) {
  if (customers === 0) return [];
  const spaces = (await alerts.watchedSpaces()).filter(({ suspendedAt }) => suspendedAt === undefined);
  const filters = spaces.flatMap(({ scope, watches }) =>
    watches.map((watch) => ({ scope, filter: watchedCustomers(watch) })),
  );
  const unwatched = await snapshot.countUnmatched(withoutRepeats(filters), clock());
  if (unwatched === 0) return [];
  const value = `${formatNumber(unwatched)} of ${formatCount(customers, "customer")}: no space is told when they fail`;
  return [{ title: "Not watched", value }];
}

function withoutRepeats(filters: readonly ScopedFilter[]): readonly ScopedFilter[] {
  return [...new Map(filters.map((one) => [`${one.scope} ${formatFilter(one.filter)}`, one])).values()];
}
