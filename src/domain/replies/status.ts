import { watchedCustomers } from "../alerts/watch.ts";
import { formatFilter } from "../commands/format.ts";
import { WHOLE_TOKEN } from "../customers/sweep.ts";
import { type HealthCheck, OUTAGE_CHECK } from "../health-report.ts";
import type { ScopedFilter } from "../ports/snapshot.ts";
import { formatDuration, formatNumber } from "../views/text.ts";
import { currentEvents, describeEvent } from "../webex-status.ts";
import type { Reply, ReplyContext } from "./reply.ts";

export async function replyStatus(context: ReplyContext): Promise<Reply> {
  const { health, clock } = context;
  const { version, startedAt, checks } = await health();
  const titleOf = ({ name }: HealthCheck) => (name === OUTAGE_CHECK ? "Visibility" : name);
  const failed = checks.filter((check) => !check.ok).map(titleOf);
  return {
    view: {
      kind: "notice",
      tone: failed.length > 0 ? "warning" : "info",
      title: failed.length > 0 ? `Problems: ${failed.join(", ")}` : "No problems",
      lines: [],
      facts: [
        ...checks.map((check) => ({ title: titleOf(check), value: `${check.ok ? "✓" : "✕"} ${check.detail}` })),
        ...webexStatusFacts(context),
        ...(await watchFacts(context)),
        { title: "Version", value: version },
        { title: "Uptime", value: formatDuration(clock() - startedAt) },
      ],
      buttons: [{ title: "Refresh", command: "status" }],
    },
  };
}

const MOST_EVENTS = 5;

/** What is on by the status page of Webex; no fact where nothing is, or where it is not read. */
function webexStatusFacts({ webexStatus, clock }: ReplyContext) {
  const now = clock();
  const events = currentEvents(webexStatus(), now).slice(0, MOST_EVENTS);
  return events.map((event) => ({ title: "Webex", value: describeEvent(event, now) }));
}

/** The number of customers that no space watches, of which nobody is told; no fact before the first sweep. */
async function watchFacts({ snapshot, alerts, clock }: ReplyContext) {
  const { customers } = await snapshot.age(WHOLE_TOKEN);
  if (customers === 0) return [];
  const spaces = (await alerts.watchedSpaces()).filter(({ suspendedAt }) => suspendedAt === undefined);
  const filters = spaces.flatMap(({ scope, watches }) =>
    watches.map((watch) => ({ scope, filter: watchedCustomers(watch) })),
  );
  const unwatched = await snapshot.countUnmatched(withoutRepeats(filters), clock());
  const value =
    unwatched === 0
      ? "every customer is watched by a space"
      : `${formatNumber(unwatched)} of ${formatNumber(customers)} customers by no space`;
  return [{ title: unwatched === 0 ? "Watched" : "Not watched", value }];
}

function withoutRepeats(filters: readonly ScopedFilter[]): readonly ScopedFilter[] {
  return [...new Map(filters.map((one) => [`${one.scope} ${formatFilter(one.filter)}`, one])).values()];
}
