import type { FollowCommand } from "../commands/follow.ts";
import { type Customer, followedClassOf, type ProvisioningClass } from "../customers/customer.ts";
import type { Follow } from "../ports/alerting.ts";
import { notReadYet, snapshotState } from "./data-source.ts";
import { askWhichCustomer, chooseAmong, commandFor, findRecords, fullTitleOf, notFound } from "./find-customer.ts";
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
    [{ title: "Open customer", command: commandFor(customer.id, "customer") }],
  );
  return { ...reply, changes: [{ kind: "alerting", change: { kind: "follow", follow } }] };
}

const STATUS_LINES: Readonly<Record<ProvisioningClass, string>> = {
  good: "It is provisioned now. After its next change you get one 1:1 message with the result.",
  moving: "It is in progress now. You get one 1:1 message with the result.",
  bad: "It is in error now. You get one 1:1 message when that has changed.",
};
