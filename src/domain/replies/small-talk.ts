import type { SmallTalkCommand } from "../commands/small-talk.ts";
import type { Button } from "../views/views.ts";
import { type Reply, textReply } from "./reply.ts";

/** A "yes" to a question of the bot is the command that the question offered (`completeCommand`). */
export function replySmallTalk({ says }: SmallTalkCommand): Reply {
  const [title = "", ...lines] = LINES[says];
  return textReply(title, lines, says === "thanks" ? [] : BUTTONS);
}

const LINES: Readonly<Record<SmallTalkCommand["says"], readonly string[]>> = {
  yes: ["There is nothing to confirm here", "Press a button of the card that you mean, or write what you need."],
  no: [
    "Nothing was changed",
    "What was done before is taken back by unack, unmute, unwatch and unfollow, each with the number or the name.",
  ],
  thanks: ["You are welcome", "“help” shows what else there is."],
};

const BUTTONS: readonly Button[] = [
  { title: "Errors", command: "errors" },
  { title: "Help", command: "help" },
];
