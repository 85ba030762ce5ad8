import type { HelpTopic } from "./topic.ts";

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
    more: [
      "Several: ack 12,13. All that are open here: ack all. When an alert opens again, it is to be taken anew.",
    ],
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
      "stuck=yes also tells of packages that have been moving for over 2 hours, warnings=yes of warnings, removed=yes of what is removed.",
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
