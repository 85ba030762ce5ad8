import { foldAddress } from "../address.ts";
import type { AuditedPerson } from "../audit.ts";
import type { ForgetCommand } from "../commands/forget.ts";
import { format } from "../commands/format.ts";
import type { Traces } from "../ports/alerting.ts";
import { formatCount } from "../views/text.ts";
import type { Button } from "../views/views.ts";
import { type Reply, type ReplyContext, textReply } from "./reply.ts";

const MAX_CHOICES = 5;

/** Says what is kept about a person, and removes it once that is confirmed (PRODUCT 2). */
export async function replyForget({ person: text, confirmed }: ForgetCommand, context: ReplyContext): Promise<Reply> {
  if (text === undefined) return textReply("Forget whom?", ["Send “forget” and the e-mail address of the person."]);
  const found = await context.audit.peopleNamed(text, MAX_CHOICES + 1);
  if (found.length > 1) return choosePerson(found);
  const person = found[0] ?? strangerNamed(text);
  const traces = person && (await context.alerts.tracesOf(person));
  if (person === undefined || traces === undefined || isEmpty(traces)) return nobody();
  if (!confirmed) return preview(person, traces);
  const change = { kind: "forget", person, heirId: context.sender.personId } as const;
  return {
    ...textReply("The person is forgotten", [removedLine(traces), ...changedLines(traces), KEPT]),
    changes: [{ kind: "alerting", change }],
  };
}

/** Somebody who never asked, as one to whom alerts are escalated. */
function strangerNamed(text: string): AuditedPerson | undefined {
  if (text.includes("@")) return { personId: "", name: "", email: foldAddress(text) };
  return /^Y2lz[\w+/=-]{16,}$/.test(text) ? { personId: text, name: "", email: "" } : undefined;
}

function isEmpty(traces: Traces): boolean {
  return Object.values(traces).every((value) => value === 0 || value === false);
}

function nobody(): Reply {
  return textReply("Nothing is kept about this person", [
    "Nobody of that address, ID or name has asked the bot, or is named in its database. An address finds a person best.",
  ]);
}

function choosePerson(found: readonly AuditedPerson[]): Reply {
  const more = found.length > MAX_CHOICES ? ["More people match; an e-mail address finds the right one."] : [];
  return textReply(
    "Which person?",
    ["Several people match. An e-mail address finds one alone.", ...more],
    found.slice(0, MAX_CHOICES).map(({ personId, name }) => ({
      title: name || "Somebody without a name",
      command: format({ name: "forget", person: personId, confirmed: false }),
    })),
  );
}

/** The button names the person by id, so that no address stands on a card. */
function preview(person: AuditedPerson, traces: Traces): Reply {
  const confirm = format({ name: "forget", person: person.personId || person.email, confirmed: true });
  const button: Button = { title: "Forget", command: confirm, main: true };
  return textReply(
    `Forget ${person.name || "this person"}?`,
    [
      removedLine(traces),
      ...changedLines(traces),
      KEPT,
      "First take the person off OPERATORS, ADMINS and ALLOW_EMAILS: whoever asks again is kept again. This cannot be undone.",
    ],
    [button],
  );
}

function removedLine({ hasName, auditRows, follows, messages }: Traces): string {
  const parts = [
    ...(hasName ? ["name and address"] : []),
    ...(follows > 0 ? [formatCount(follows, "follow")] : []),
    ...(messages > 0 ? [`${formatCount(messages, "message")} to this person`] : []),
  ];
  const removed = `Removed: ${parts.length === 0 ? "nothing more" : parts.join(", ")}.`;
  if (auditRows === 0) return removed;
  return `${removed} ${formatCount(auditRows, "row")} of the audit ${auditRows === 1 ? "stays" : "stay"}, with the role alone.`;
}

function changedLines({ watches, escalations, acks, mutes }: Traces): readonly string[] {
  return [
    ...(watches > 0
      ? [
          `${countWatches(watches)} made by this person: yours from then on, so you are told if the space cannot be reached.`,
        ]
      : []),
    ...(escalations > 0
      ? [`${countWatches(escalations)} that escalated to this person: no longer to anybody. Name somebody else.`]
      : []),
    ...(acks > 0
      ? [`${formatCount(acks, "acknowledgement")}: without the name from then on, but still in force.`]
      : []),
    ...(mutes > 0 ? [`${formatCount(mutes, "mute")}: without the name from then on, but still in force.`] : []),
  ];
}

const countWatches = (count: number): string => `${count} ${count === 1 ? "watch" : "watches"}`;

const KEPT =
  "Kept: what stands in spaces, which Webex keeps by its own rules; notes and reasons; the member lists of spaces, for 7 days after the person has left them; backups.";
