import { type HealthCheck, OUTAGE_CHECK } from "../health-report.ts";
import { formatDuration } from "../views/text.ts";
import type { Reply, ReplyContext } from "./reply.ts";

export async function replyStatus({ health, clock }: ReplyContext): Promise<Reply> {
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
        { title: "Version", value: version },
        { title: "Uptime", value: formatDuration(clock() - startedAt) },
      ],
      buttons: [{ title: "Refresh", command: "status" }],
    },
  };
}
