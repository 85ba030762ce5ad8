import { randomUUID } from "node:crypto";
import type { WebSocket } from "ws";
import { z } from "zod";
import type { Time } from "../../../domain/ports/runtime.ts";
import { authenticate } from "../../world/caller.ts";
import type { Device } from "../../world/device-store.ts";
import type { Person } from "../../world/people.ts";
import type { WebexEvent } from "../../world/webex-records.ts";
import type { World } from "../../world/world.ts";
import { isToldTo } from "../read-access.ts";
import { type Activity, activityOf } from "./activity.ts";
import { createUnacknowledgedEvents, type DeviceEvent } from "./unacknowledged-events.ts";

const AUTHORIZATION_MS = 30_000;

/** Close codes and their reasons. */
const ENDS = {
  malformed: [4400, "bad request"],
  unauthorized: [4401, "not authorized"],
  replaced: [4000, "replaced"],
  late: [1000, "no authorization"],
} as const;

interface Connection {
  readonly device: Device;
  readonly owner: Person;
  readonly socket: WebSocket;
  /** The client asked for frames of text; they are binary otherwise. */
  readonly isText: boolean;
  isAuthorized: boolean;
  /** The number of the last envelope. */
  sequenceNumber: number;
}

interface DeviceSocketsState {
  readonly world: World;
  readonly connections: Set<Connection>;
  readonly unacknowledged: ReturnType<typeof createUnacknowledgedEvents>;
}

export type DeviceSockets = ReturnType<typeof createDeviceSockets>;

/** The sockets of devices: authorization, ping and pong, and the events of the owner until they are acknowledged. */
export function createDeviceSockets(world: World, time: Pick<Time, "clock" | "sleep">) {
  const unacknowledged = createUnacknowledgedEvents(time.clock);
  const state: DeviceSocketsState = { world, connections: new Set(), unacknowledged };
  const unsubscribe = world.webexEvents.subscribe((event) => {
    for (const device of world.devices.all()) tell(state, device, event);
  });

  return {
    close: unsubscribe,
    /** Takes a connection whose handshake is done. */
    accept(socket: WebSocket, opened: Pick<Connection, "device" | "owner" | "isText">): void {
      const connection = { ...opened, socket, isAuthorized: false, sequenceNumber: 0 };
      const ended = new AbortController();
      state.connections.add(connection);
      socket.on("message", (data) => receive(state, connection, data.toString()));
      socket.on("error", () => socket.terminate());
      socket.on("close", () => {
        state.connections.delete(connection);
        ended.abort();
      });
      time.sleep(AUTHORIZATION_MS, ended.signal).then(
        () => connection.isAuthorized || end(connection, ENDS.late),
        () => undefined,
      );
    },
  };
}

function tell({ world, connections, unacknowledged }: DeviceSocketsState, device: Device, event: WebexEvent): void {
  if (!isToldTo(world, device.ownerId, event)) return;
  const activity = activityOf(world, event, device.origin);
  if (!activity) return;
  const deviceEvent = unacknowledged.add(device.id, activity);
  for (const connection of connections) {
    if (isFor(device, connection)) sendEvent(connection, deviceEvent);
  }
}

const FrameSchema = z.object({
  type: z.string(),
  id: z.string().optional(),
  messageId: z.string().optional(),
  data: z.object({ token: z.string().optional() }).optional(),
});

function receive(state: DeviceSocketsState, connection: Connection, text: string): void {
  const frame = parseFrame(text);
  if (!frame || (!connection.isAuthorized && frame.type !== "authorization")) end(connection, ENDS.malformed);
  else if (frame.type === "authorization") authorize(state, connection, frame.data?.token);
  else if (frame.type === "ping") send(connection, { id: frame.id, type: "pong" });
  else if (frame.type === "ack") state.unacknowledged.acknowledge(connection.device.id, frame.messageId ?? "");
}

function parseFrame(text: string): z.output<typeof FrameSchema> | undefined {
  try {
    return FrameSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** A device has one connection: the one that was authorized last. It gets again what the earlier ones did not acknowledge. */
function authorize(state: DeviceSocketsState, connection: Connection, token: string | undefined): void {
  const { world, connections, unacknowledged } = state;
  const { device, owner } = connection;
  const caller = authenticate(world, token);
  if (caller?.kind === "wholesale" || caller?.person.id !== owner.id) {
    end(connection, ENDS.unauthorized);
    return;
  }
  for (const other of connections) if (other !== connection && isFor(device, other)) end(other, ENDS.replaced);
  connection.isAuthorized = true;
  const data = { eventType: "mercury.buffer_state", bufferState: { conversation: "UNKNOWN", locus: "UNKNOWN" } };
  sendEnvelope(connection, { id: randomUUID(), data }, world.clock());
  for (const event of unacknowledged.of(device.id)) sendEvent(connection, event);
}

const isFor = ({ id }: Device, { device, isAuthorized }: Connection): boolean => isAuthorized && device.id === id;

function end(connection: Connection, [code, reason]: readonly [number, string]): void {
  connection.isAuthorized = false;
  connection.socket.close(code, reason);
}

function sendEvent(connection: Connection, { id, at, trackingId, activity }: DeviceEvent): void {
  sendEnvelope(connection, { id, data: { eventType: "conversation.activity", activity }, trackingId }, at);
}

interface Envelope {
  readonly id: string;
  readonly data: { readonly eventType: string; readonly bufferState?: object; readonly activity?: Activity };
  readonly trackingId?: string;
}

function sendEnvelope(connection: Connection, envelope: Envelope, timestamp: number): void {
  connection.sequenceNumber += 1;
  const { sequenceNumber } = connection;
  send(connection, { trackingId: `SANDBOX_${envelope.id}`, ...envelope, timestamp, sequenceNumber, headers: {} });
}

function send({ socket, isText }: Connection, frame: object): void {
  socket.send(JSON.stringify(frame), { binary: !isText });
}
