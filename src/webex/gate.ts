import {
  isGuest,
  type Policy,
  type Refusal,
  roleOf,
  type Shown,
  type ShownCustomers,
  seesScopes,
} from "../domain/access.ts";
import type { Recipient } from "../domain/alerts/notice.ts";
import type { Gate, Withheld } from "../domain/ports/messaging.ts";
import type { FaultLog } from "../domain/ports/runtime.ts";
import type { Rooms } from "../domain/ports/store.ts";
import { Failure } from "../errors.ts";
import type { Directory } from "./directory.ts";
import { createMessenger, type MessengerDeps } from "./messenger.ts";

interface GateDeps extends MessengerDeps {
  readonly log: FaultLog;
  readonly policy: Policy;
  readonly directory: Directory;
  readonly rooms: Pick<Rooms, "isAllowed" | "scopeOf">;
}

/** The only holder of the messenger, so that nothing leaves the bot unasked (PRODUCT 5). */
export function createGate(deps: GateDeps): Gate {
  const messenger = createMessenger(deps);
  const refusal = (to: Recipient, shown: Shown) => refusalOf(deps, to, shown);
  const ask = async <T>(to: Recipient, shown: Shown, send: () => Promise<T>): Promise<T | Withheld> => {
    const refused = await refusal(to, shown);
    if (refused === undefined) return send();
    deps.log.info("message.withheld", { because: refused.because });
    return { withheld: refused };
  };
  return {
    refusal,
    post: (place, view, shown) => ask(place, shown, () => messenger.post(place, view)),
    postFile: (place, file, shown) => ask(place, shown, () => messenger.postFile(place, file)),
    replace: (card, view, shown) => ask(card, shown, () => messenger.replace(card, view)),
    notify: (to, view, shown) => ask(to, shown, () => messenger.notify(to, view)),
    edit: (card, view, shown) => ask(card, shown, () => messenger.edit(card, view)),
  };
}

/** A look-up that Webex does not answer counts as a refusal. */
async function refusalOf(deps: GateDeps, to: Recipient, shown: Shown): Promise<Refusal | undefined> {
  if (shown === "no customers") return undefined;
  try {
    const refused = await ("roomId" in to ? roomRefusal(deps, to.roomId, shown) : personRefusal(deps, to));
    deps.log.working("readers.unknown");
    return refused;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    deps.log.failing("readers.unknown", { error });
    return { because: "unsure" };
  }
}

async function roomRefusal(
  { policy, directory, rooms }: GateDeps,
  roomId: string,
  { scopes, asker }: ShownCustomers,
): Promise<Refusal | undefined> {
  if (!seesScopes(await rooms.scopeOf(roomId), scopes)) return { because: "other sub-partner" };
  if (asker?.isDirect) return refusalOfPerson(policy, await directory.person(asker.personId));
  if (await rooms.isAllowed(roomId)) return undefined;
  const guests = (await directory.members(roomId, asker?.personId)).filter((member) => isGuest(policy, member)).length;
  return guests === 0 ? undefined : { because: "guests", guests };
}

/** A person whom the bot tells something unasked. */
async function personRefusal(
  { policy, directory }: GateDeps,
  to: Exclude<Recipient, { readonly roomId: string }>,
): Promise<Refusal | undefined> {
  const person = await directory.recipient(to);
  return person === undefined ? { because: "outsider" } : refusalOfPerson(policy, person);
}

function refusalOfPerson(policy: Policy, person: Parameters<typeof roleOf>[1]): Refusal | undefined {
  return roleOf(policy, person) === undefined ? { because: "outsider" } : undefined;
}
