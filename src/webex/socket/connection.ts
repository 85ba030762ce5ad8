import { randomUUID } from "node:crypto";
import { setTimeout as timer } from "node:timers/promises";
import { WebSocket } from "undici";
import { z } from "zod";

/** How a connection ended. `stop`: Webex would refuse the next one as well, or end it for another listener. */
export interface Ending {
  readonly next: "again" | "stop";
  /** For the log: `4401`, `no pong`. */
  readonly reason: string;
}

export interface ConnectionOptions {
  /** `webSocketUrl` of the device. */
  readonly url: string;
  readonly token: string;
  /** Events follow. */
  readonly onReady: () => void;
  /** Called for one activity after the other; each is acknowledged when the call resolves. The connection ends when it throws. */
  readonly onActivity: (activity: unknown) => Promise<void>;
  /** An event got lost on the way. */
  readonly onGap: () => void;
  /** Ends the connection; for its reason if that is a text. */
  readonly signal: AbortSignal;
  readonly limits?: Limits;
}

/** In real time, whatever the clock of the schedules. */
export interface Limits {
  /** From the start to the first event of Webex. */
  readonly readyMs: number;
  /** Between two pings; a pong must come before the next one. */
  readonly pingMs: number;
}

const LIMITS: Limits = { readyMs: 30_000, pingMs: 15_000 };

/** Bad request, bad token, not entitled, replaced by another connection of the same device. */
const FINAL_CODES = [4400, 4401, 4403, 4000];

const frameSchema = z.object({
  id: z.string().default(""),
  type: z.string().default(""),
  sequenceNumber: z.number().optional(),
  data: z.object({ eventType: z.string().default(""), activity: z.unknown().optional() }).optional(),
});

type Frame = z.infer<typeof frameSchema>;
type EventData = NonNullable<Frame["data"]>;

/** Listens on the socket of a device until it ends. Never throws. */
export function listenOn(options: ConnectionOptions): Promise<Ending> {
  const { url, signal } = options;
  const socket = new WebSocket(`${url}?${PARAMETERS}&clientTimestamp=${Date.now()}`);
  socket.binaryType = "arraybuffer";
  const over = new AbortController();
  return new Promise((resolve) => {
    const connection: Connection = {
      ...options,
      over: over.signal,
      isReady: false,
      isPongDue: false,
      handled: Promise.resolve(),
      send(frame) {
        if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
      },
      end(reason, next = "again") {
        if (over.signal.aborted) return;
        over.abort();
        signal.removeEventListener("abort", onStop);
        socket.close();
        resolve({ next, reason });
      },
    };
    const onStop = (): void => connection.end(typeof signal.reason === "string" ? signal.reason : "stopped");
    signal.addEventListener("abort", onStop);
    listenTo(socket, connection);
    if (signal.aborted) onStop();
  });
}

interface Connection extends ConnectionOptions {
  /** Aborts when the connection ends. */
  readonly over: AbortSignal;
  isReady: boolean;
  isPongDue: boolean;
  /** The number of the last event. */
  lastNumber?: number;
  /** Resolves when the activities so far are handled: one after the other. */
  handled: Promise<unknown>;
  readonly send: (frame: object) => void;
  readonly end: (reason: string, next?: Ending["next"]) => void;
}

function listenTo(socket: WebSocket, connection: Connection): void {
  const { end, send, token, over, limits = LIMITS } = connection;
  socket.addEventListener("open", () => {
    const data = { token: `Bearer ${token}` };
    send({ id: randomUUID(), type: "authorization", data, trackingId: randomUUID() });
  });
  socket.addEventListener("message", ({ data }) => {
    const frame = readFrame(data);
    if (frame !== undefined) take(frame, connection);
  });
  socket.addEventListener("error", () => end("network"));
  socket.addEventListener("close", ({ code }) => end(String(code), FINAL_CODES.includes(code) ? "stop" : "again"));
  void timer(limits.readyMs, undefined, { signal: over, ref: false }).then(
    () => connection.isReady || end("not ready"),
    () => undefined,
  );
}

async function keepAlive(connection: Connection): Promise<void> {
  const { over, send, end, limits: { pingMs } = LIMITS } = connection;
  while (!over.aborted) {
    if (connection.isPongDue) return end("no pong");
    connection.isPongDue = true;
    send({ id: randomUUID(), type: "ping" });
    await timer(pingMs, undefined, { signal: over, ref: false }).catch(() => undefined);
  }
}

function take(frame: Frame, connection: Connection): void {
  if (frame.type === "pong") connection.isPongDue = false;
  else if (frame.type === "shutdown") connection.end("shutdown");
  else if (frame.data !== undefined) takeEvent(frame, frame.data, connection);
}

function takeEvent({ id, sequenceNumber }: Frame, { eventType, activity }: EventData, connection: Connection): void {
  if (READY_EVENTS.includes(eventType) && !connection.isReady) {
    connection.isReady = true;
    void keepAlive(connection);
    connection.onReady();
  }
  countEvent(sequenceNumber, connection);
  const isActivity = eventType === "conversation.activity";
  connection.handled = connection.handled
    .then(() => (isActivity && !connection.over.aborted ? connection.onActivity(activity) : undefined))
    .then(
      () => connection.send({ type: "ack", messageId: id }),
      () => connection.end("not stored"),
    );
}

/** The numbers of a connection follow each other. */
function countEvent(number: number | undefined, connection: Connection): void {
  if (number === undefined) return;
  const { lastNumber = number - 1 } = connection;
  connection.lastNumber = number;
  if (number > lastNumber + 1) connection.onGap();
}

const PARAMETERS = "outboundWireFormat=text&bufferStates=true&aliasHttpStatus=true";

const READY_EVENTS = ["mercury.buffer_state", "mercury.registration_status"];

/** Undefined for anything that is no frame. */
function readFrame(data: unknown): Frame | undefined {
  const text = data instanceof ArrayBuffer ? Buffer.from(data).toString("utf8") : String(data);
  try {
    return frameSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
