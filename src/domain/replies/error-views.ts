import type { Denial } from "../access.ts";
import { describe } from "../commands/format.ts";
import { type ParseFailure, parseFormatted } from "../commands/parse.ts";
import type { Role } from "../role.ts";
import { LONGEST_WAIT_MS } from "../unanswered.ts";
import { formatCount, formatTime } from "../views/text.ts";
import type { Button, NoticeView } from "../views/views.ts";

/** The mistake, what would work, and the nearest command as a button. */
export function notUnderstood({ problem, hint, suggestion }: ParseFailure): NoticeView {
  const help = { title: "Help", command: "help" };
  return {
    kind: "notice",
    tone: "info",
    title: problem,
    lines: [hint],
    facts: [],
    buttons: suggestion === undefined ? [help] : [{ ...didYouMean(suggestion), main: true }, help],
  };
}

/** A button has little room: a filter is clear without "customers" in front of it, and "errors" is short for its statuses. */
export function didYouMean(command: string): Button {
  const meant = parseFormatted(command);
  const short = (meant === undefined ? command : describe(meant))
    .replace(/^customers (?=.)/, "")
    .replace("status=error,provisioned_with_errors", "errors");
  return { title: `Did you mean ${short}?`, command };
}

const ROLE_NAMES: Readonly<Record<Role, string>> = { viewer: "viewers", operator: "operators", admin: "admins" };

/** A stranger does not learn what there would be to see. */
export function accessDenied(decision: Denial): NoticeView {
  switch (decision.because) {
    case "stranger":
    case "outsider":
      return warningNotice("Sorry, you cannot use this bot", [
        "It answers only people of the organisation that runs it. If you should have access, ask its administrator to add you.",
      ]);
    case "role":
      return warningNotice(
        `Only ${ROLE_NAMES[decision.needs]} can do this`,
        [
          `Nothing was changed. If you should be able to, ask the people who run this bot to make you ${decision.needs === "viewer" ? "a" : "an"} ${decision.needs}.`,
          "“help” lists what you can do now.",
        ],
        [{ title: "Help", command: "help" }],
      );
    case "guests":
      return warningNotice(
        "No customer data in this space",
        [
          `${decision.guests === 1 ? "A guest is" : `${decision.guests} guests are`} in this space, and customer data is confidential.`,
          "Ask in a 1:1 space with the bot, or have a bot admin allow this space.",
        ],
        [{ title: "Allow this space (admins)", command: "allow space" }],
      );
    case "unsure":
      return warningNotice("No customer data for the moment", [
        "The members of this space could not be read, so no customer data is shown. Try again in a minute, or ask in a 1:1 space with the bot.",
      ]);
    case "other sub-partner":
      return warningNotice("This space was bound to another sub-partner", [
        "That happened before the answer was ready, so it is not shown. Ask again.",
      ]);
  }
}

/** To a person who asked more than `QUESTIONS_PER_MINUTE`. */
export function questionsWait(name: string, perMinute: number): NoticeView {
  return warningNotice("Many questions at once: the others wait", [
    `${name}, the bot answers ${formatCount(perMinute, "question")} a minute for each person, so that everybody gets a turn.`,
    "Your others are answered when it is their turn. After 15 min please ask again.",
  ]);
}

/**
 * In the place where the answer will be. It says until when, so that it is true for ever: if the process is killed just after it was
 * posted, nobody knows of it. @param command as text
 */
export function answerUnderWay(command: string, now: number): NoticeView {
  return {
    kind: "notice",
    tone: "info",
    title: `Working on “${command}”`,
    lines: [`The answer will be here by ${formatTime(now + LONGEST_WAIT_MS, now)}. If it is not, please ask again.`],
    facts: [],
    buttons: [],
  };
}

/** Takes its place when the question was given up. Another message says why. */
export function notAnswered(): NoticeView {
  return warningNotice("This question was not answered", ["Please ask again."]);
}

/** A failure outside the bot, and what to do. The tracking id is Webex's reference for a support case. */
export function upstreamFailed(
  failure: { message: string; upstreamMessage?: string; hint: string; trackingId?: string },
  again: string,
): NoticeView {
  const facts = failure.trackingId === undefined ? [] : [{ title: "Tracking ID", value: failure.trackingId }];
  return {
    kind: "notice",
    tone: "failure",
    title: failure.message,
    lines: [
      ...(failure.upstreamMessage === undefined ? [] : [`Webex answered: ${failure.upstreamMessage}`]),
      failure.hint,
    ],
    facts,
    buttons: [{ title: "Try again", command: again, main: true }],
  };
}

export function fileNotSent(name: string, { message, hint }: { message: string; hint: string }): NoticeView {
  return {
    kind: "notice",
    tone: "failure",
    title: `${name} could not be sent`,
    lines: [message, hint, "Ask for it again when that is fixed."],
    facts: [],
    buttons: [],
  };
}

/** The card of the file was shown, and then a guest came. */
export function fileWithheld(name: string): NoticeView {
  return warningNotice(`${name} was not sent`, [
    "It holds customer data, and this space may not see any at the moment. Ask for it in a 1:1 space with the bot.",
  ]);
}

/** A bug of the bot. `reference` finds the error in the log. */
export function internalError(reference: string): NoticeView {
  return {
    kind: "notice",
    tone: "failure",
    title: "The bot made an error",
    lines: [
      "Nothing was changed. The people who run this bot can find the cause in its log under the reference below.",
    ],
    facts: [{ title: "Reference", value: reference }],
    buttons: [{ title: "Help", command: "help" }],
  };
}

function warningNotice(title: string, lines: readonly string[], buttons: NoticeView["buttons"] = []): NoticeView {
  return { kind: "notice", tone: "warning", title, lines, facts: [], buttons };
}

/** The message to a watching space with a guest in it; it names no customer (PRODUCT 5). */
export function guestsPresent(): NoticeView {
  return warningNotice(
    "Alerts are held back in this space",
    [
      "A guest is in it, and customer data is confidential. Waiting alerts are sent when the guest has left or a bot admin allows the space.",
    ],
    [{ title: "Allow this space (admins)", command: "allow space" }],
  );
}
