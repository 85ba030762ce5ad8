import type { RequestListener } from "node:http";
import type { World } from "../../../src/sandbox/world/world.ts";
import { handOver } from "../network.ts";
import { type Reading, readMessage } from "./read-message.ts";
import { readTime } from "./times.ts";

/** A message of the bot at one time: as it was posted, or as an edit made it. */
export interface Version {
  readonly id: string;
  readonly roomId: string;
  /** The message itself, or the root of its thread. */
  readonly threadId: string;
  readonly isReply: boolean;
  readonly isEdit: boolean;
  /** When the message was posted. */
  readonly createdAt: number;
  /** When it got this content. */
  readonly at: number;
  /** As of when its content is to be true: the end of the minute that it is stamped with (law g). */
  readonly trueAt: number;
  readonly reading: Reading;
}

interface Message {
  readonly id: string;
  readonly roomId: string;
  readonly personId: string;
  readonly text?: string;
  readonly parentId?: string;
  readonly created: string;
  readonly updated?: string;
}

export interface RoomReader {
  /** Every version that was ever shown in a room, oldest first. */
  versions(roomId: string): readonly Version[];
  /** What the room showed at a time: each message with its content of that time. */
  shownAt(roomId: string, at: number): readonly Version[];
  /** What the API shows now. Throws if that is not what the events said. */
  check(roomId: string): Promise<void>;
  /** The times at which people deleted messages of the bot, with what these said last. */
  deleted(roomId: string): readonly Version[];
}

/** Reads rooms as a member does: new messages and edits as they come, and the whole room over the REST API. */
export function createRoomReader(server: RequestListener, world: World): RoomReader {
  const versions = new Map<string, Version[]>();
  const deletedAt = new Map<string, number>();
  const ofRoom = (roomId: string): Version[] => {
    const known = versions.get(roomId) ?? [];
    versions.set(roomId, known);
    return known;
  };
  world.webexEvents.subscribe((event) => {
    if (event.kind === "room" && event.action === "migrated" && "from" in event)
      versions.set(event.room.id, ofRoom(event.from));
    if (event.kind !== "message" || event.message.personId !== world.people.bot.id) return;
    if (event.action === "deleted") deletedAt.set(event.message.id, world.clock());
    else ofRoom(event.message.roomId).push(versionOf(event.message));
  });
  const shownAt = (roomId: string, at: number): readonly Version[] => {
    const newest = new Map<string, Version>();
    for (const version of ofRoom(roomId)) {
      if (version.at <= at && (deletedAt.get(version.id) ?? Number.POSITIVE_INFINITY) > at)
        newest.set(version.id, version);
    }
    return [...newest.values()];
  };
  return {
    versions: (roomId) => ofRoom(roomId),
    shownAt,
    async check(roomId) {
      const present = (await readRoom(server, world, roomId)).filter(
        ({ personId }) => personId === world.people.bot.id,
      );
      const texts = new Map(present.map((message) => [message.id, readMessage(message.text ?? "").firstLine]));
      for (const { id, reading } of shownAt(roomId, world.clock())) {
        if (texts.get(id) !== reading.firstLine)
          throw new Error(`The API shows “${texts.get(id)}” and the events “${reading.firstLine}”.`);
      }
    },
    deleted: (roomId) =>
      [...deletedAt.keys()].flatMap((id) => ofRoom(roomId).findLast((version) => version.id === id) ?? []),
  };
}

function versionOf({ id, roomId, text = "", parentId, created, updated }: Message): Version {
  const createdAt = Date.parse(created);
  const at = updated === undefined ? createdAt : Date.parse(updated);
  const reading = readMessage(text);
  const stampedAt = reading.asOf === undefined ? undefined : readTime(reading.asOf, at);
  return {
    id,
    roomId,
    threadId: parentId ?? id,
    isReply: parentId !== undefined,
    isEdit: updated !== undefined,
    createdAt,
    at,
    trueAt: stampedAt === undefined ? at : Math.min(at, stampedAt + 60_000),
    reading,
  };
}

/** All messages of a room, as a member of it reads them page by page. */
async function readRoom(server: RequestListener, world: World, roomId: string): Promise<readonly Message[]> {
  const token = tokenOfMember(world, roomId);
  const found: Message[] = [];
  let path = `/v1/messages?roomId=${encodeURIComponent(roomId)}&max=1000`;
  while (path !== "") {
    const call = { method: "GET", path, headers: { authorization: `Bearer ${token}` }, body: Buffer.alloc(0) };
    const { status, headers, body } = await handOver(server, call, "127.0.0.1:4000");
    if (status !== 200) throw new Error(`The room cannot be read: ${status} ${body.toString()}`);
    found.push(...(JSON.parse(body.toString()) as { items: Message[] }).items);
    const next = /<([^>]+)>;\s*rel="next"/.exec(headers.link ?? "")?.[1];
    path = next === undefined ? "" : next.replace(/^https?:\/\/[^/]+/, "");
  }
  return found;
}

function tokenOfMember({ rooms, people }: World, roomId: string): string {
  for (const { personId } of rooms.membersOf(roomId)) {
    const person = people.byId(personId);
    if (person && person.role !== "bot") return person.token;
  }
  throw new Error("Nobody but the bot is in the room.");
}
