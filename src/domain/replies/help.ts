import { hasRequiredRole, type Role } from "../access.ts";
import { WATCH_SWITCHES } from "../alerts/watch.ts";
import type { CommandName } from "../commands/command.ts";
import type { Button, HelpView } from "../views/views.ts";
import type { CommandOf, ReplyContext } from "./reply.ts";

/** `help`, or `help customers`: never more than this person may do. */
export function replyHelp(
  { topic }: CommandOf<"help">,
  { role }: Pick<ReplyContext, "role">,
): { readonly view: HelpView } {
  const mine = HELP_TOPICS.filter((candidate) => hasRequiredRole(role, candidate.names[0]));
  const about = topic === undefined ? [] : mine.filter((candidate) => isAbout(candidate, topic.toLowerCase()));
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

/** Something that people can ask, as `help` tells of it. */
export interface HelpTopic {
  /** The commands that this topic is about; the first decides who may see it. */
  readonly names: readonly [CommandName, ...string[]];
  readonly usage: string;
  readonly does: string;
  readonly more: readonly string[];
  readonly button?: Button;
}

/** What `help` tells of being told unasked, and of what is to be done about it then. */
export const ALERT_TOPICS: readonly HelpTopic[] = [
  {
    names: ["alerts", "alert"],
    usage: "alerts",
    does: "lists the open alerts of this space",
    more: ["Takes the same filter as customers, for example alerts country=DE. page=2 turns the page."],
    button: { title: "Alerts", command: "alerts" },
  },
  {
    names: ["ack", "acknowledge", "take"],
    usage: "ack 1042 on it",
    does: "takes an alert, so that nobody is reminded of it any more; what follows the number is a note",
    more: ["Several: ack 12,13. All that are open here: ack all. When an alert opens again, it is to be taken anew."],
  },
  {
    names: ["mute", "unmute", "silence", "snooze"],
    usage: 'mute package=webex_calling for=2h because="maintenance"',
    does: "keeps what matches quiet for a while, in this space; unmute 3 ends that",
    more: [
      'Takes the same filter as customers, or one alert: mute 1042 for=1d because="known". Everything: mute all.',
      "It lasts 7 days at most and needs a reason. What is still open at its end is told then.",
    ],
  },
  {
    names: ["mutes", "silences"],
    usage: "mutes",
    does: "lists what is muted in this space, by whom, why and until when",
    more: ["Each has a number, for unmute."],
  },
  {
    names: ["watch", "unwatch", "subscribe", "unsubscribe"],
    usage: "watch package=webex_calling country=DE",
    does: "tells this space when matching packages enter or leave error; unwatch 2 ends that",
    more: [
      "Takes the same filter as customers; without one, everything. You see how often it would have fired before it is saved.",
      switchesHelp(),
      "escalate=noc@example.com tells somebody else, or another space by its id, what nobody has taken for 30 minutes.",
    ],
  },
  {
    names: ["watches", "subscriptions"],
    usage: "watches",
    does: "lists what this space is told of",
    more: ["Each has a number, for unwatch."],
  },
  {
    names: ["follow"],
    usage: "follow 3",
    does: "tells you once, 1:1, how that customer ended; named as for customer",
    more: ["The customer has ended when nothing of it is in error or under way any more."],
  },
  {
    names: ["handover"],
    usage: "handover since=8h",
    does: "what opened and closed, what is still open, and who has it; without a span, of the last 12 hours",
    more: ["Spans: 30m, 8h, 2d, 1w."],
  },
  {
    names: ["digest"],
    usage: "digest daily 09:00 Europe/Berlin",
    does: "sends this space a handover every day; digest off ends that",
    more: ["Without a time zone, the time is UTC. digest alone shows what is set."],
  },
  {
    names: ["verify"],
    usage: "verify",
    does: "compares what this space was told with what Webex says",
    more: ["It also says how old the last complete reading of all customers is."],
  },
  {
    names: ["drill"],
    usage: "drill",
    does: "sends a trial alert through the real path, marked DRILL",
    more: ["It says how long each step took. No customer is touched."],
  },
];

/** Commonest first: the first five buttons are those that `help` shows. */
export const HELP_TOPICS: readonly HelpTopic[] = [
  {
    names: ["customers", "list", "filter"],
    usage: "customers status=error",
    does: "lists customers, 10 a page; without a filter, all of them",
    more: [
      "Fields: status, package, package.status, code, externalId (or id), orgId (or org), name, country, state, city, zip, subpartner, since; free words look in names, external IDs and cities.",
      "Any of several: status=error,updating. Not: package!=webex_suite. Beginning with: acme*. Changed lately: since=2h.",
      "page=2 turns the page, max=25 makes it longer, up to 50, and sort=name or sort=-changed puts it in order.",
    ],
    button: { title: "All customers", command: "customers", main: true },
  },
  {
    names: ["customers", "errors", "problems"],
    usage: "errors",
    does: "lists the customers with problems",
    more: ["Short for: customers status=error,provisioned_with_errors."],
    button: { title: "Errors", command: "errors" },
  },
  {
    names: ["customer", "open"],
    usage: "open 3",
    does: "opens row 3 of the list on show; also customer and a name, external ID, organisation ID or customer ID",
    more: ["IDs are case sensitive. customer orgId=… says which kind of ID is meant."],
  },
  {
    names: ["summary"],
    usage: "summary country=DE",
    does: "counts by status, package and error code; without a filter, of all",
    more: ["Takes the same filter as customers."],
    button: { title: "Summary", command: "summary" },
  },
  {
    names: ["changes", "changed"],
    usage: "changes since=2h",
    does: "what I saw change lately; without a span, in the last 24 hours",
    more: ["Spans: 30m, 2h, 3d, 1w. For one customer, ask for its history."],
    button: { title: "Changes", command: "changes" },
  },
  {
    names: ["history"],
    usage: "history 3",
    does: "what I saw change of one customer, named as for customer",
    more: ["History is kept for 400 days, also of customers that are gone."],
  },
  {
    names: ["find", "form", "search"],
    usage: "find",
    does: "a form, for those who would rather tap",
    more: ["The Filter button of a list opens the same form, filled in."],
    button: { title: "Find", command: "find" },
  },
  ...ALERT_TOPICS,
  {
    names: ["export", "csv", "download"],
    usage: "export status=error sort=name",
    does: "the matching customers as a CSV file",
    more: ["Takes the same filter and sort= as customers. The file opens in Excel as data."],
  },
  {
    names: ["trend"],
    usage: "trend",
    does: "customers by status over the last 30 days, as numbers and a chart",
    more: ["One count a day, from the last complete reading of that day."],
  },
  {
    names: ["subpartners", "subpartner"],
    usage: "subpartners",
    does: "lists the sub-partners",
    more: ["customers subpartner=… lists the customers of one."],
  },
  {
    names: ["use", "subpartner"],
    usage: "use subpartner=Acme",
    does: "binds this space to one sub-partner: it sees that one’s customers alone; use all ends that",
    more: ["Only an admin can do this, and only in the space itself."],
  },
  {
    names: ["status", "health"],
    usage: "status",
    does: "how the bot itself fares",
    more: ["To filter by a customer’s status, write customers status=…."],
    button: { title: "Bot status", command: "status" },
  },
  {
    names: ["allow", "disallow", "space"],
    usage: "allow space",
    does: "lets a space with guests see customer data; disallow space ends that",
    more: ["Only an admin can do this, and only in the space itself."],
  },
  {
    names: ["help"],
    usage: "help customers",
    does: "more about one command",
    more: ["Everything on a button can be typed, and the other way round."],
  },
];

/** `stuck=yes also tells of packages that …, warnings=yes of warnings, …`: every switch of a watch (ALERTS 17). */
function switchesHelp(): string {
  const parts = WATCH_SWITCHES.map(([name, { help }], at) => `${name}=yes ${at === 0 ? "also tells " : ""}of ${help}`);
  return `${parts.join(", ")}.`;
}
