import { createHash, randomUUID } from "node:crypto";
import type { Person } from "../../world/people.ts";
import { decodeId } from "../../world/webex-ids.ts";
import type { AttachmentAction, Membership, Message, Room, WebexEvent } from "../../world/webex-records.ts";
import type { World } from "../../world/world.ts";
import { servicesAt } from "./addresses.ts";

/** An event as devices get it. Its ids are bare UUIDs: those within the ids of the REST API. */
export type Activity = ReturnType<typeof frameActivity>;

type Deed = Pick<Activity, "id" | "verb"> & { readonly object: object; readonly parent?: object };

/**
 * The activity of an event; undefined when devices are told nothing, or not yet. A new space is told when its first members are
 * in it. No verb is known for a space that has got another id.
 */
export function activityOf(world: World, event: WebexEvent, origin: string): Activity | undefined {
  const deed = deedOf(world, event);
  const actor = world.people.byId(event.actorId);
  const room = world.rooms.get(roomIdOf(event));
  if (!deed || !actor || !room) return undefined;
  return frameActivity(deed, { actor, room, origin, now: world.clock() });
}

function deedOf(world: World, event: WebexEvent): Deed | undefined {
  switch (event.kind) {
    case "message":
      return event.action === "deleted" ? deletion(event.message) : posting(world, event.message);
    case "attachmentAction":
      return press(event.attachmentAction);
    case "membership":
      return membershipDeed(world, event.action, event.membership);
    case "room":
      return event.action === "updated"
        ? { id: randomUUID(), verb: "update", object: roomObject(event.room) }
        : undefined;
  }
}

function roomIdOf(event: WebexEvent): string {
  switch (event.kind) {
    case "message":
      return event.message.roomId;
    case "attachmentAction":
      return event.attachmentAction.roomId;
    case "membership":
      return event.membership.roomId;
    case "room":
      return event.room.id;
  }
}

function posting({ people }: World, { id, parentId, files, mentionedPeople = [] }: Message): Deed {
  const mentioned = mentionedPeople.flatMap((personId) => people.byId(personId) ?? []);
  const object = {
    objectType: files ? "content" : "comment",
    displayName: encrypted(id),
    ...(mentioned.length > 0 && { mentions: { items: mentioned.map(personObject) } }),
    ...(files && { files: { items: files.map((file) => ({ objectType: "file", displayName: encrypted(file) })) } }),
  };
  return {
    id: uuidOf(id),
    verb: files ? "share" : "post",
    object,
    ...(parentId !== undefined && { parent: { id: uuidOf(parentId), type: "reply" } }),
  };
}

const deletion = ({ id }: Message): Deed => ({
  id: randomUUID(),
  verb: "delete",
  object: { objectType: "activity", id: uuidOf(id) },
});

const press = ({ id, messageId }: AttachmentAction): Deed => ({
  id: uuidOf(id),
  verb: "cardAction",
  object: { objectType: "submit", inputs: encrypted(id) },
  parent: { id: uuidOf(messageId), type: "cardAction" },
});

function membershipDeed(world: World, action: WebexEvent["action"], membership: Membership): Deed | undefined {
  const { people, rooms } = world;
  const { personId, roomId, isModerator } = membership;
  const person = people.byId(personId);
  const room = rooms.get(roomId);
  if (!person || !room) return undefined;
  const id = randomUUID();
  const object = personObject(person);
  if (action === "deleted") return { id, verb: "leave", object };
  if (action === "updated") return { id, verb: isModerator ? "assignModerator" : "unassignModerator", object };
  const members = rooms.membersOf(roomId).flatMap((one) => people.byId(one.personId) ?? []);
  if (!isBeginning(room, members)) return { id, verb: "add", object };
  if (room.type === "direct" && members.length === 1) return undefined;
  return { id, verb: "create", object: { ...roomObject(room), participants: { items: members.map(personObject) } } };
}

/** A space begins with its creator alone, a 1:1 with both its people. */
const isBeginning = ({ type, creatorId }: Room, members: readonly Person[]): boolean =>
  type === "direct" || (members.length === 1 && members[0]?.id === creatorId);

interface Frame {
  readonly actor: Person;
  readonly room: Room;
  readonly origin: string;
  readonly now: number;
}

function frameActivity(deed: { readonly id: string; readonly verb: string; readonly object: object }, frame: Frame) {
  const { actor, room, origin, now } = frame;
  return {
    objectType: "activity",
    ...deed,
    published: new Date(now).toISOString(),
    actor: personObject(actor),
    target: {
      ...roomObject(room),
      url: `${servicesAt(origin).conversation}/conversations/${uuidOf(room.id)}`,
      globalId: room.id,
    },
    encryptionKeyUrl: `kms://kms.sandbox.example/keys/${uuidOf(room.id)}`,
  };
}

const personObject = ({ id, orgId, email, displayName, role }: Person) => ({
  objectType: "person",
  id: uuidOf(id),
  entryUUID: uuidOf(id),
  orgId: uuidOf(orgId),
  emailAddress: email,
  displayName,
  type: role === "bot" ? "ROBOT" : "PERSON",
});

const roomObject = ({ id, type, isLocked }: Room) => ({
  objectType: "conversation",
  id: uuidOf(id),
  tags: [...(type === "direct" ? ["ONE_ON_ONE"] : []), ...(isLocked ? ["LOCKED"] : [])],
});

const uuidOf = (id: string): string => decodeId(id) ?? id;

/** Webex encrypts texts, file names and inputs (JWE), and this client has no keys. It looks like that, and has nothing in it. */
function encrypted(seed: string): string {
  const header = Buffer.from(JSON.stringify({ alg: "dir", enc: "A256GCM" })).toString("base64url");
  const bytes = createHash("sha512").update(seed).digest("base64url");
  return `${header}..${bytes.slice(0, 16)}.${bytes.slice(16, 64)}.${bytes.slice(64)}`;
}
