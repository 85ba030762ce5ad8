import { formatDuration } from "../views/text.ts";
import type { Reply, ReplyContext } from "./reply.ts";

/** `status`: the state of the bot itself. */
export async function replyStatus({ health, clock }: ReplyContext): Promise<Reply> {
  const { version, startedAt, checks } = await health();
  const failed = checks.filter((check) => !check.ok).map(({ name }) => name);
  return {
    view: {
      kind: "notice",
      tone: failed.length > 0 ? "warning" : "info",
      title: failed.length > 0 ? `Problems: ${failed.join(", ")}` : "No problems",
      lines: [],
      facts: [
        ...checks.map(({ name, ok, detail }) => ({ title: name, value: `${ok ? "✓" : "✕"} ${detail}` })),
        { title: "Version", value: version },
        { title: "Uptime", value: formatDuration(clock() - startedAt) },
      ],
      buttons: [{ title: "Refresh", command: "status" }],
    },
  };
}
