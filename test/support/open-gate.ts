import type { Gate } from "../../src/domain/ports/messaging.ts";
import { createGate } from "../../src/webex/gate.ts";
import type { MessengerDeps } from "../../src/webex/messenger.ts";
import { everyFault } from "./logs.ts";

const notAsked = (): never => {
  throw new Error("A message that names no customer was asked about.");
};

/** A gate for messages that name no customer. */
export function openGate(messenger: MessengerDeps): Gate {
  return createGate({
    ...messenger,
    log: everyFault(messenger.log),
    policy: { homeOrgId: "home", emailDomains: [], emails: [], operators: [], admins: [] },
    directory: { person: notAsked, recipient: notAsked, members: notAsked },
    rooms: { isAllowed: notAsked, scopeOf: notAsked },
  });
}
