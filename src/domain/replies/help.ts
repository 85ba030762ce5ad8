import { hasRequiredRole } from "../access.ts";
import type { HelpTopic } from "../commands/definition.ts";
import { format } from "../commands/format.ts";
import type { HelpCommand } from "../commands/help.ts";
import { GROUP_OF, HELP_GROUP_NAMES, HELP_GROUPS, type HelpGroup } from "../commands/help-groups.ts";
import { COMMAND_NAMES, COMMANDS, type CommandName } from "../commands/registry.ts";
import type { Role } from "../role.ts";
import type { Button, HelpView } from "../views/views.ts";
import type { ReplyContext } from "./reply.ts";

type NamedTopic = HelpTopic & { readonly name: CommandName };

/** Commonest first. */
export const HELP_TOPICS: readonly NamedTopic[] = COMMAND_NAMES.flatMap((name) =>
  COMMANDS[name].help.map((topic) => ({ name, ...topic })),
);

const COMMONEST: readonly Button[] = [
  { title: "Errors", command: "errors", main: true },
  { title: "All customers", command: "customers" },
  { title: "Find", command: "find" },
  { title: "Alerts", command: "alerts" },
  { title: "Summary", command: "summary" },
];

/** The topic that shows the groups; a group is named by its key, because `help watch` is about that command. */
const MORE_TOPIC = "groups";
const MORE: Button = { title: "More", command: format({ name: "help", topic: MORE_TOPIC }) };

/** `help`, `help groups`, `help asking` or `help customers`, with only the commands that the sender's role may give. */
export function replyHelp({ topic }: HelpCommand, { role }: Pick<ReplyContext, "role">): { readonly view: HelpView } {
  if (topic === undefined) return { view: mainHelp("What this bot can do", HOW_TO_ASK) };
  const word = topic.toLowerCase();
  const mine = HELP_TOPICS.filter(({ name }) => hasRequiredRole(role, name));
  const about = mine.filter((candidate) => isAbout(candidate, word));
  if (about.length > 0) return { view: topicHelp(about, mine) };
  const group = HELP_GROUP_NAMES.find((name) => name === word);
  if (group !== undefined) return { view: groupHelp(group, mine) };
  const lines = word === MORE_TOPIC ? [] : [`There is no help on “${topic}”. These are the groups of commands.`];
  return { view: allGroups(lines, mine) };
}

const HOW_TO_ASK = [
  "Ask in your own words, such as “errors”, “calling errors in germany”, or the name of a customer.",
  "In a group space mention the bot first. In a 1:1 space just write.",
  "Every button is a command that can also be typed.",
];

/** The message to a space that the bot was added to: three lines, and the buttons. */
export function greeting(role: Role): HelpView {
  const told = "“watch” lets this space be told when a package goes into error, and when it recovers.";
  const asked = "“alerts” lists what is wrong now. Operators can let this space be told, by “watch”.";
  const [words = "", mention = ""] = HOW_TO_ASK;
  const lines = [words, mention, hasRequiredRole(role, "watch") ? told : asked];
  return mainHelp("Hello! This bot answers questions about Wholesale customers", lines);
}

const mainHelp = (title: string, lines: readonly string[]): HelpView => {
  return { kind: "help", title, lines, topics: [], buttons: COMMONEST, more: MORE };
};

function allGroups(lines: readonly string[], mine: readonly NamedTopic[]): HelpView {
  const groups = groupsOf(mine);
  return {
    kind: "help",
    title: "Help",
    lines,
    topics: groups.map((group) => ({ usage: HELP_GROUPS[group].title, does: HELP_GROUPS[group].does })),
    buttons: groups.map(groupButton),
  };
}

function groupHelp(group: HelpGroup, mine: readonly NamedTopic[]): HelpView {
  return {
    kind: "help",
    title: `Help: ${HELP_GROUPS[group].title}`,
    lines: [],
    topics: mine.filter(({ name }) => GROUP_OF[name] === group).map(({ usage, does }) => ({ usage, does })),
    buttons: groupsOf(mine)
      .filter((other) => other !== group)
      .map(groupButton),
  };
}

function topicHelp(topics: readonly NamedTopic[], mine: readonly NamedTopic[]): HelpView {
  const groups = new Set(topics.map(({ name }) => GROUP_OF[name]));
  const own = topics.flatMap(({ button }) => (button === undefined ? [] : [button]));
  return {
    kind: "help",
    title: `Help: ${topics.map(({ usage }) => usage).join(", ")}`,
    lines: topics.flatMap(({ more }) => more),
    topics: topics.map(({ usage, does }) => ({ usage, does })),
    buttons: [
      ...own,
      ...groupsOf(mine)
        .filter((group) => groups.has(group))
        .map(groupButton),
    ].slice(0, 5),
  };
}

const groupsOf = (topics: readonly NamedTopic[]): readonly HelpGroup[] =>
  HELP_GROUP_NAMES.filter((group) => topics.some(({ name }) => GROUP_OF[name] === group));

const groupButton = (group: HelpGroup): Button => ({
  title: HELP_GROUPS[group].title,
  command: format({ name: "help", topic: group }),
});

function isAbout({ name, also = [], usage }: NamedTopic, topic: string): boolean {
  return [name, usage, ...also].includes(topic);
}
