import type { CustomerRef } from "../commands/customer-ref.ts";
import type { FollowCommand, UnfollowCommand } from "../commands/follow.ts";
import { foldCase } from "../customers/compare-text.ts";
import { type Customer, followedClassOf, type ProvisioningClass } from "../customers/customer.ts";
import type { Follow } from "../ports/alerting.ts";
import { customerButton } from "../views/customer-button.ts";
import { notReadYet, snapshotState } from "./data-source.ts";
import { askWhichCustomer, chooseAmong, findRecords, fullTitleOf, notFound } from "./find-customer.ts";
import { type Reply, type ReplyContext, textReply } from "./reply.ts";

/** The sender is notified once, 1:1, of a customer's final status (PRODUCT 2). */
export async function replyFollow(command: FollowCommand, context: ReplyContext): Promise<Reply> {
  const { ref } = command;
  if (ref === undefined) return askWhichCustomer("follow", context);
  const [record, ...others] = await findRecords(ref, context);
  if (record === undefined) {
    const { state } = await snapshotState(context);
    return state === "complete" ? notFound(ref, "follow", context) : notReadYet(command, context);
  }
  const { customer } = record;
  if (others.length === 0) return followCustomer(customer, context);
  return chooseAmong([customer, ...others.map((other) => other.customer)], "follow");
}

function followCustomer(customer: Customer, { sender, scope, clock }: ReplyContext): Reply {
  const title = fullTitleOf(customer);
  const follow: Follow = {
    personId: sender.personId,
    scope,
    customerId: customer.id,
    title,
    class: followedClassOf(customer.status),
    since: clock(),
  };
  const reply = textReply(
    `Following ${title}`,
    [STATUS_LINES[follow.class]],
    [customerButton("Customer", customer, "customer"), customerButton("Undo", customer, "unfollow")],
  );
  return { ...reply, changes: [{ kind: "alerting", change: { kind: "follow", follow } }] };
}

/** Among the customers that this person follows alone, so that a part of a name is enough. */
export async function replyUnfollow({ ref }: UnfollowCommand, context: ReplyContext): Promise<Reply> {
  const { alerts, scope, sender } = context;
  const follows = await alerts.follows(scope, sender.personId);
  if (follows.length === 0) return textReply("You follow no customer", ["“follow” and a customer begins that."]);
  const meant = ref === undefined ? [] : (await findRecords(ref, context)).map(({ customer }) => customer.id);
  const found = follows.filter(({ customerId, title }) => meant.includes(customerId) || isNamed(title, ref));
  const [follow, ...others] = found;
  if (follow !== undefined && others.length === 0) return endFollow(follow);
  const offered = found.length > 0 ? found : follows;
  const buttons = offered
    .slice(0, MAX_CHOICES)
    .map(({ title, customerId: id }) => customerButton(title, { id }, "unfollow"));
  const more = offered.length > MAX_CHOICES ? [`And ${offered.length - MAX_CHOICES} more: name one.`] : [];
  const title = ref === undefined || found.length > 0 ? "Which customer?" : "You do not follow that customer";
  return textReply(title, ["You follow these; choose the one to stop following.", ...more], buttons);
}

const MAX_CHOICES = 5;

/** A customer that was removed is in no copy any more. */
function isNamed(title: string, ref: CustomerRef | undefined): boolean {
  return ref?.by === "any" && foldCase(title).includes(foldCase(ref.value));
}

function endFollow({ title, personId, scope, customerId }: Follow): Reply {
  const again = customerButton("Follow again", { id: customerId }, "follow");
  const reply = textReply(`No longer following ${title}`, ["You get no message about it."], [again]);
  return { ...reply, changes: [{ kind: "alerting", change: { kind: "unfollow", personId, scope, customerId } }] };
}

const STATUS_LINES: Readonly<Record<ProvisioningClass, string>> = {
  good: "It is provisioned now. After its next change you get one 1:1 message with the result.",
  moving: "It is in progress now. You get one 1:1 message with the result.",
  bad: "It is in error now. You get one 1:1 message when that has changed.",
};
