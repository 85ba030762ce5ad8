import { randomUUID } from "node:crypto";
import type { WebSocket } from "ws";
import { z } from "zod";
import type { Time } from "../../../domain/ports/runtime.ts";
import { authenticate } from "../../world/caller.ts";
import type { Device } from "../../world/device-store.ts";
import type { LosableFrame } from "../../world/faults.ts";
import type { WebexEvent } from "../../world/webex-records.ts";
import type { World } from "../../world/world.ts";
import { receivesEvent } from "../read-access.ts";
import { activityOf } from "./activity.ts";
import { createUnacknowledgedEvents, type DeviceEvent } from "./unacknowledged-events.ts";

const AUTHORIZATION_MS = 30_000;

/** A close code and its reason. */
type Ending = readonly [code: number, reason: string];

const ENDINGS = {
  malformed: [4400, "bad request"],
  unauthorized: [4401, "not authorized"],
  replaced: [4000, "replaced"],
  late: [1000, "no authorization"],
} as const satisfies Readonly<Record<string, Ending>>;

interface Connection {
  readonly device: Device;
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
export function createDeviceSockets(world: World, time: Time) {
  const unacknowledged = createUnacknowledgedEvents(time.clock);
  const connections = new Set<Connection>();
  const state = { world, connections, unacknowledged };
  const unsubscribe = world.webexEvents.subscribe((event) => {
    for (const device of world.devices.all()) deliver(state, device, event);
  });

  return {
    close: unsubscribe,
    /** Takes a connection whose handshake is done. */
    accept(socket: WebSocket, opened: Pick<Connection, "device" | "isText">): void {
      const connection = { ...opened, socket, isAuthorized: false, sequenceNumber: 0 };
      const ended = new AbortController();
      connections.add(connection);
      socket.on("message", (data) => receive(state, connection, data.toString()));
      socket.on("error", () => socket.terminate());
      socket.on("close", () => {
        connections.delete(connection);
        setAuthorized(state, connection, false);
        ended.abort();
      });
      time.sleep(AUTHORIZATION_MS, ended.signal).then(
        () => connection.isAuthorized || end(state, connection, ENDINGS.late),
        () => undefined,
      );
    },
    unacknowledged: (deviceId: string): number => unacknowledged.of(deviceId).length,
    /** Ends all connections: with a close code, or by cutting them. Returns how many there were. */
    endAll(ending?: Ending): number {
      const all = [...connections];
      for (const connection of all) {
        if (ending) end(state, connection, ending);
        else connection.socket.terminate();
      }
      return all.length;
    },
    /** Sends a frame to all devices that listen; one without a type is an event. Returns how many there were. */
    sendAll(frame: { readonly type: string } | { readonly data: EventData }): number {
      const all = [...connections].filter(({ isAuthorized }) => isAuthorized);
      for (const connection of all) {
        if ("data" in frame) sendEnvelope(connection, { id: randomUUID(), ...frame }, world.clock());
        else send(connection, frame);
      }
      return all.length;
    },
  };
}

function deliver(state: DeviceSocketsState, device: Device, event: WebexEvent): void {
  const { world, connections, unacknowledged } = state;
  if (!receivesEvent(world, device.ownerId, event)) return;
  const activity = activityOf(world, event, device.origin);
  if (!activity) return;
  const connection = [...connections].find((one) => listensFor(device, one));
  if (losesFrame(state, device, "conversation.activity")) {
    if (connection) connection.sequenceNumber += 1;
    return;
  }
  const deviceEvent = unacknowledged.add(device.id, activity);
  if (connection) sendEvent(connection, deviceEvent);
}

const listensFor = ({ id }: Device, { device, isAuthorized }: Connection): boolean => isAuthorized && device.id === id;

const losesFrame = ({ world }: DeviceSocketsState, { ownerId }: Device, frame: LosableFrame): boolean =>
  world.faults.losesFrame(frame, ownerId === world.people.bot.id);

const FrameSchema = z.object({
  type: z.string(),
  id: z.string().optional(),
  messageId: z.string().optional(),
  data: z.object({ token: z.string().optional() }).optional(),
});
type ClientFrame = z.output<typeof FrameSchema>;

function receive(state: DeviceSocketsState, connection: Connection, text: string): void {
  const frame = parseFrame(text);
  if (!frame || (!connection.isAuthorized && frame.type !== "authorization")) end(state, connection, ENDINGS.malformed);
  else if (frame.type === "authorization") authorize(state, connection, frame);
  else if (frame.type === "ping") answerPing(state, connection, frame);
  else if (frame.type === "ack") state.unacknowledged.acknowledge(connection.device.id, frame.messageId ?? "");
}

function parseFrame(text: string): ClientFrame | undefined {
  try {
    return FrameSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function answerPing(state: DeviceSocketsState, connection: Connection, { id }: ClientFrame): void {
  if (!losesFrame(state, connection.device, "pong")) send(connection, { id, type: "pong" });
}

/** A device has one connection: the one that was authorized last. It gets again what the earlier ones did not acknowledge. */
function authorize(state: DeviceSocketsState, connection: Connection, { data: credentials }: ClientFrame): void {
  const { world, connections, unacknowledged } = state;
  const { device } = connection;
  if (losesFrame(state, device, "authorization")) return;
  const caller = authenticate(world, credentials?.token);
  if (caller?.kind === "wholesale" || caller?.person.id !== device.ownerId) {
    end(state, connection, ENDINGS.unauthorized);
    return;
  }
  for (const other of connections) {
    if (other !== connection && listensFor(device, other)) end(state, other, ENDINGS.replaced);
  }
  setAuthorized(state, connection, true);
  const data = { eventType: "mercury.buffer_state", bufferState: { conversation: "UNKNOWN", locus: "UNKNOWN" } };
  sendEnvelope(connection, { id: randomUUID(), data }, world.clock());
  for (const event of unacknowledged.of(device.id)) sendEvent(connection, event);
}

function setAuthorized(
  { world, connections }: DeviceSocketsState,
  connection: Connection,
  isAuthorized: boolean,
): void {
  const { device } = connection;
  connection.isAuthorized = isAuthorized;
  world.devices.setListening(
    device.id,
    [...connections].some((one) => listensFor(device, one)),
  );
}

function end(state: DeviceSocketsState, connection: Connection, [code, reason]: Ending): void {
  setAuthorized(state, connection, false);
  connection.socket.close(code, reason);
}

function sendEvent(connection: Connection, { id, at, trackingId, activity }: DeviceEvent): void {
  sendEnvelope(connection, { id, data: { eventType: "conversation.activity", activity }, trackingId }, at);
}

type EventData = Readonly<Record<string, unknown>> & { readonly eventType: string };

interface Envelope {
  readonly id: string;
  readonly data: EventData;
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
