import { createHash, randomUUID } from "node:crypto";
import type { Person } from "../../world/people.ts";
import { clusterOf, decodeId } from "../../world/webex-ids.ts";
import type { AttachmentAction, Membership, Message, Room, WebexEvent } from "../../world/webex-records.ts";
import type { World } from "../../world/world.ts";
import { conversationUrl } from "./addresses.ts";

/** An event as devices get it. Its ids are bare UUIDs: those within the ids of the REST API. */
export type Activity = ReturnType<typeof frameActivity>;

/** The part of an activity that depends on its event. */
interface ActivityDetails {
  readonly id: string;
  readonly verb: string;
  readonly object: object;
  readonly parent?: object;
}

/** A space, and the address by which the client of the device knows the sandbox. */
interface Place {
  readonly room: Room;
  readonly origin: string;
}

/**
 * The activity of an event; undefined when devices are told nothing, or not yet. A new space is told when its first members are
 * in it. No verb is known for a space that has got another id.
 */
export function activityOf(world: World, event: WebexEvent, origin: string): Activity | undefined {
  const actor = world.people.byId(event.actorId);
  const room = world.rooms.get(roomIdOf(event));
  const details = room && detailsOf(world, event, { room, origin });
  if (!details || !actor) return undefined;
  return frameActivity(details, { actor, room, origin, now: world.clock(), isEncrypted: isEncrypted(world) });
}

function detailsOf(world: World, event: WebexEvent, place: Place): ActivityDetails | undefined {
  switch (event.kind) {
    case "message":
      return event.action === "deleted" ? deletion(event.message) : posting(world, event.message);
    case "attachmentAction":
      return press(world, event.attachmentAction);
    case "membership":
      return membershipDetails(world, event, place);
    case "room":
      return event.action === "updated" ? renaming(world, event.room) : undefined;
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

function posting(world: World, { id, text = "", parentId, files, mentionedPeople = [] }: Message): ActivityDetails {
  const mentioned = mentionedPeople.flatMap((personId) => world.people.byId(personId) ?? []);
  const fileObject = (address: string) => {
    const name = world.messages.file(address.split("/").at(-1) ?? "")?.name ?? "";
    return { objectType: "file", displayName: secret(world, address, name) };
  };
  const object = {
    objectType: files ? "content" : "comment",
    displayName: secret(world, id, text),
    ...(mentioned.length > 0 && { mentions: { items: mentioned.map(personObject) } }),
    ...(files && { files: { items: files.map(fileObject) } }),
  };
  return {
    id: uuidOf(id),
    verb: files ? "share" : "post",
    object,
    ...(parentId !== undefined && { parent: { id: uuidOf(parentId), type: "reply" } }),
  };
}

const deletion = ({ id }: Message): ActivityDetails => ({
  id: randomUUID(),
  verb: "delete",
  object: { objectType: "activity", id: uuidOf(id) },
});

const press = (world: World, { id, messageId, inputs }: AttachmentAction): ActivityDetails => ({
  id: uuidOf(id),
  verb: "cardAction",
  object: { objectType: "submit", inputs: secret<object | string>(world, id, inputs) },
  parent: { id: uuidOf(messageId), type: "cardAction" },
});

/** The object has neither the id nor the tags of the space: the target has. */
const renaming = (world: World, { title }: Room): ActivityDetails => ({
  id: randomUUID(),
  verb: "update",
  object: { objectType: "conversation", displayName: secret(world, title, title), activities: { items: [] } },
});

type MembershipEvent = Extract<WebexEvent, { readonly kind: "membership" }>;

function membershipDetails(
  world: World,
  { action, membership }: MembershipEvent,
  place: Place,
): ActivityDetails | undefined {
  const id = randomUUID();
  const object = memberObject(world, membership);
  if (action === "deleted") return { id, verb: "leave", object };
  if (action === "updated")
    return { id, verb: membership.isModerator ? "assignModerator" : "unassignModerator", object };
  const { room } = place;
  const members = world.rooms.membersOf(room.id);
  if (!isBeginning(room, members)) return { id, verb: "add", object };
  if (room.type === "direct" && members.length === 1) return undefined;
  return { id, verb: "create", object: newRoomObject(world, members, place) };
}

/** A space begins with its creator alone, a 1:1 with both its people. */
const isBeginning = ({ type, creatorId }: Room, members: readonly Membership[]): boolean =>
  type === "direct" || (members.length === 1 && members[0]?.personId === creatorId);

function newRoomObject(world: World, members: readonly Membership[], place: Place) {
  const participants = { items: members.map((member) => memberObject(world, member)) };
  return { ...roomObject(place), creatorUUID: uuidOf(place.room.creatorId), participants, activities: { items: [] } };
}

function memberObject({ people }: World, { personId, isModerator }: Membership) {
  const person = people.byId(personId);
  return { ...(person && personObject(person)), roomProperties: { isModerator } };
}

interface Frame extends Place {
  readonly actor: Person;
  readonly now: number;
  readonly isEncrypted: boolean;
}

/** The object of `create` is the space itself, so there is no target. */
function frameActivity(details: ActivityDetails, { actor, room, origin, now, isEncrypted }: Frame) {
  return {
    objectType: "activity",
    ...details,
    url: conversationUrl(origin, clusterOf(room.id), `/activities/${details.id}`),
    published: new Date(now).toISOString(),
    actor: personObject(actor),
    ...(details.verb !== "create" && { target: roomObject({ room, origin }) }),
    ...(isEncrypted && { encryptionKeyUrl: `kms://kms.sandbox.example/keys/${uuidOf(room.id)}` }),
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

const roomObject = ({ room: { id, type, isLocked }, origin }: Place) => ({
  objectType: "conversation",
  id: uuidOf(id),
  globalId: id,
  url: conversationUrl(origin, clusterOf(id), `/conversations/${uuidOf(id)}`),
  tags: [...(type === "direct" ? ["ONE_ON_ONE"] : []), ...(isLocked ? ["LOCKED"] : [])],
});

const uuidOf = (id: string): string => decodeId(id) ?? id;

const isEncrypted = ({ behaviour }: World): boolean => behaviour.now().activityTexts === "encrypted";

/** A text that only members may read: encrypted, or plain where the sandbox is told so. */
const secret = <T>(world: World, seed: string, plain: T): T | string => (isEncrypted(world) ? encrypted(seed) : plain);

/** Webex encrypts texts, titles, file names and inputs (JWE). This has the form of a JWE, and nothing of the text in it. */
function encrypted(seed: string): string {
  const header = Buffer.from(JSON.stringify({ alg: "dir", enc: "A256GCM" })).toString("base64url");
  const bytes = createHash("sha512").update(seed).digest("base64url");
  return `${header}..${bytes.slice(0, 16)}.${bytes.slice(16, 64)}.${bytes.slice(64)}`;
}
