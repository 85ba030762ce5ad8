import type { Follow } from "../alerting.ts";
import { type Customer, classOf, type ProvisioningClass } from "../customers/customer.ts";
import { chooseFirst, chooseOne, commandFor, fullTitleOf, notFound } from "./choose.ts";
import { copyOf, notReadYet } from "./copy.ts";
import { recordsOf } from "./known.ts";
import type { Asked, Context, Reply } from "./reply.ts";
import { say } from "./say.ts";

/** Tells this person once, 1:1, how a customer ended (PRODUCT 2). */
export async function replyFollow(command: Asked<"follow">, context: Context): Promise<Reply> {
  const { ref } = command;
  if (ref === undefined) return chooseFirst("follow", context);
  const [record, ...others] = await recordsOf(ref, context);
  if (record === undefined) {
    const { state } = await copyOf(context);
    return state === "complete" ? notFound(ref, "follow", context) : notReadYet(command, context);
  }
  const { customer } = record;
  if (others.length === 0) return follow(customer, context);
  return chooseOne([customer, ...others.map((other) => other.customer)], "follow");
}

function follow(customer: Customer, { sender, scope, clock }: Context): Reply {
  const title = fullTitleOf(customer);
  const now: Follow = {
    personId: sender.personId,
    scope,
    customerId: customer.id,
    title,
    class: classOfCustomer(customer),
    since: clock(),
  };
  const reply = say(
    `I follow ${title} for you`,
    [LINES[now.class]],
    [{ title: "Open customer", command: commandFor(customer.id, "customer") }],
  );
  return { ...reply, changes: [{ kind: "alerting", change: { kind: "follow", follow: now } }] };
}

const LINES: Readonly<Record<ProvisioningClass, string>> = {
  good: "It is provisioned now. I tell you 1:1 once it has changed and come to an end.",
  moving: "It is under way now. I tell you once, 1:1, how it ended.",
  bad: "It is in error now. I tell you once, 1:1, how it ended.",
};

/** Errors in a part of it are no end that somebody waits for. */
function classOfCustomer({ status }: Customer): ProvisioningClass {
  return status === "provisioned_with_errors" ? "bad" : classOf(status);
}
