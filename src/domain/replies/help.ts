import { mayAsk, type Role } from "../access.ts";
import type { Asked, Context } from "./reply.ts";
import type { Button, HelpView } from "./views.ts";

interface Topic {
  /** The commands that this topic is about; the first decides who may see it. */
  readonly about: readonly [Asked<Topical>["name"], ...string[]];
  readonly usage: string;
  readonly does: string;
  readonly more: readonly string[];
  readonly button?: Button;
}

type Topical = "customers" | "customer" | "find" | "help" | "status" | "allow";

/** What people can ask, commonest first; `help` shows what this person may do, and nothing else. */
const TOPICS: readonly Topic[] = [
  {
    about: ["customers", "list", "filter"],
    usage: "customers status=error",
    does: "lists customers, 10 a page; without a filter, all of them",
    more: [
      "Fields: status, externalId (or id), orgId (or org), subpartner. Several values: status=error,updating.",
      "page=2 turns the page and max=25 makes it longer, up to 50.",
    ],
    button: { title: "All customers", command: "customers", main: true },
  },
  {
    about: ["customers", "errors", "problems"],
    usage: "errors",
    does: "lists the customers with problems",
    more: ["Short for: customers status=error,provisioned_with_errors."],
    button: { title: "Errors", command: "errors" },
  },
  {
    about: ["customer", "open"],
    usage: "open 3",
    does: "opens row 3 of the list on show; also customer and an external ID, organisation ID or customer ID",
    more: ["IDs are case sensitive. customer orgId=… says which kind of ID is meant."],
  },
  {
    about: ["find", "form", "search"],
    usage: "find",
    does: "a form, for those who would rather tap",
    more: ["The Filter button of a list opens the same form, filled in."],
    button: { title: "Find", command: "find" },
  },
  {
    about: ["status", "health"],
    usage: "status",
    does: "how the bot itself fares",
    more: ["To filter by a customer’s status, write customers status=…."],
    button: { title: "Bot status", command: "status" },
  },
  {
    about: ["allow", "disallow", "space"],
    usage: "allow space",
    does: "lets a space with guests see customer data; disallow space ends that",
    more: ["Only an admin can do this, and only in the space itself."],
  },
  {
    about: ["help"],
    usage: "help customers",
    does: "more about one command",
    more: ["Everything on a button can be typed, and the other way round."],
  },
];

/** `help`, or `help customers`: never more than this person may do. */
export function replyHelp(
  { topic }: Asked<"help">,
  { role }: Pick<Context, "role">,
): { readonly view: HelpView } {
  const mine = TOPICS.filter((candidate) => mayAsk(role, candidate.about[0]));
  const about =
    topic === undefined ? [] : mine.filter((candidate) => isAbout(candidate, topic.toLowerCase()));
  if (about.length > 0) return { view: helpOn(about) };
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

function helpOn(topics: readonly Topic[]): HelpView {
  return {
    kind: "help",
    title: `Help: ${topics.map(({ usage }) => usage).join(", ")}`,
    intro: topics.flatMap(({ more }) => more).join(" "),
    topics: topics.map(({ usage, does }) => ({ usage, does })),
    buttons: buttonsOf(topics),
  };
}

function buttonsOf(topics: readonly Topic[]): readonly Button[] {
  return topics.flatMap(({ button }) => (button === undefined ? [] : [button])).slice(0, 5);
}

function isAbout({ about, usage }: Topic, topic: string): boolean {
  return about.includes(topic) || usage === topic;
}
