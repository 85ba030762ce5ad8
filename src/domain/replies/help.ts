import { hasRequiredRole } from "../access.ts";
import type { HelpTopic } from "../commands/definition.ts";
import type { HelpCommand } from "../commands/help.ts";
import { COMMAND_NAMES, COMMANDS, type CommandName } from "../commands/registry.ts";
import type { Role } from "../role.ts";
import type { Button, HelpView } from "../views/views.ts";
import type { ReplyContext } from "./reply.ts";

type NamedTopic = HelpTopic & { readonly name: CommandName };

/** Commonest first: the first five buttons are those that `help` shows. */
export const HELP_TOPICS: readonly NamedTopic[] = COMMAND_NAMES.flatMap((name) =>
  COMMANDS[name].help.map((topic) => ({ name, ...topic })),
);

/** `help`, or `help customers`, with only the commands that the sender's role may give. */
export function replyHelp({ topic }: HelpCommand, { role }: Pick<ReplyContext, "role">): { readonly view: HelpView } {
  const mine = HELP_TOPICS.filter(({ name }) => hasRequiredRole(role, name));
  const about = topic === undefined ? [] : mine.filter((candidate) => isAbout(candidate, topic.toLowerCase()));
  if (about.length > 0) return { view: topicHelp(about) };
  return {
    view: {
      kind: "help",
      title: "What this bot can do",
      intro: introFor(topic),
      topics: mine.map(({ usage, does }) => ({ usage, does })),
      buttons: buttonsOf(mine),
    },
  };
}

/** The message to a space that the bot was added to. */
export function greeting(role: Role): HelpView {
  const { view } = replyHelp({ name: "help" }, { role });
  return { ...view, title: "Hello! This bot answers questions about Wholesale customers" };
}

function introFor(topic: string | undefined): string {
  const how = "Mention the bot in a group space, or write to it directly. Plain words work, too.";
  return topic === undefined ? how : `There is no help on “${topic}”. Here is the full list.`;
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

function isAbout({ name, also = [], usage }: NamedTopic, topic: string): boolean {
  return [name, usage, ...also].includes(topic);
}
