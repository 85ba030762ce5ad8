import { hasRequiredRole, type Role } from "../access.ts";
import type { CommandOf, ReplyContext } from "./reply.ts";
import type { HelpTopic } from "./topic.ts";
import { HELP_TOPICS } from "./topics.ts";
import type { Button, HelpView } from "./views.ts";

/** `help`, or `help customers`: never more than this person may do. */
export function replyHelp(
  { topic }: CommandOf<"help">,
  { role }: Pick<ReplyContext, "role">,
): { readonly view: HelpView } {
  const mine = HELP_TOPICS.filter((candidate) => hasRequiredRole(role, candidate.names[0]));
  const about =
    topic === undefined ? [] : mine.filter((candidate) => isAbout(candidate, topic.toLowerCase()));
  if (about.length > 0) return { view: topicHelp(about) };
  return {
    view: {
      kind: "help",
      title: "What I can do",
      intro: introFor(topic),
      topics: mine.map(({ usage, does }) => ({ usage, does })),
      buttons: buttonsOf(mine),
    },
  };
}

/** What a space is told when the bot is added to it. */
export function greeting(role: Role): HelpView {
  const { view } = replyHelp({ name: "help" }, { role });
  return { ...view, title: "Hello! I answer questions about Wholesale customers" };
}

function introFor(topic: string | undefined): string {
  const how = "Mention me in a group space, or write to me directly. Words can be typed as they come.";
  return topic === undefined ? how : `I have no help on “${topic}”. Here is everything.`;
}

function topicHelp(topics: readonly HelpTopic[]): HelpView {
  return {
    kind: "help",
    title: `Help: ${topics.map(({ usage }) => usage).join(", ")}`,
    intro: topics.flatMap(({ more }) => more).join(" "),
    topics: topics.map(({ usage, does }) => ({ usage, does })),
    buttons: buttonsOf(topics),
  };
}

function buttonsOf(topics: readonly HelpTopic[]): readonly Button[] {
  return topics.flatMap(({ button }) => (button === undefined ? [] : [button])).slice(0, 5);
}

function isAbout({ names, usage }: HelpTopic, topic: string): boolean {
  return names.includes(topic) || usage === topic;
}
