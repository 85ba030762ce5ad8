import type { Reply } from "./reply.ts";
import type { Button, NoticeView } from "./views.ts";

/** A few sentences as an answer. */
export function textReply(title: string, lines: readonly string[], buttons: readonly Button[] = []): Reply {
  return { view: { ...NOTICE, title, lines, buttons } };
}

const NOTICE = { kind: "notice", tone: "info", facts: [] } as const satisfies Partial<NoticeView>;
