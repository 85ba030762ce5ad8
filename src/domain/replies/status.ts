import { formatDuration } from "../views/text.ts";
import type { Reply, ReplyContext } from "./reply.ts";

/** `status`: the state of the bot itself. */
export async function replyStatus({ health, clock }: ReplyContext): Promise<Reply> {
  const { version, startedAt, checks } = await health();
  const ailing = checks.filter((check) => !check.ok);
  return {
    view: {
      kind: "notice",
      tone: ailing.length > 0 ? "warning" : "info",
      title: ailing.length > 0 ? `Problems: ${ailing.map(({ name }) => name).join(", ")}` : "No problems",
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
