import { ALERT_TOPICS } from "./alert-topics.ts";
import type { HelpTopic } from "./topic.ts";

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
