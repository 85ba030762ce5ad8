import { WebSocket } from "undici";
import { onTestFinished } from "vitest";
import { until } from "../support/until.ts";
import type { Twins } from "./twins.ts";

/** A frame from Webex, as whatever a test expects it to be. */
// biome-ignore lint/suspicious/noExplicitAny: a frame is compared, not trusted
export type Frame = any;

export const DEVICE = { name: "ear", deviceName: "ear", deviceType: "DESKTOP", model: "node", systemName: "linux" };
const WIRE_FORMAT = "?outboundWireFormat=text&bufferStates=true&aliasHttpStatus=true&clientTimestamp=1";

/** Registers a device as a client without a public address does: by the catalogue. */
export async function registerDevice({ ask, people }: Twins, token = people.bot.token) {
  const catalogue = await ask("GET", "/u2c/api/v1/catalog?format=hostmap", { token });
  const { wdm } = catalogue.body.serviceLinks;
  const { body: device } = await ask("POST", `${wdm}/devices`, { token, body: DEVICE });
  return device;
}

/** Opens a socket, and keeps what it gets. It is closed when the test is over. */
export async function openSocket(webSocketUrl: string, format = WIRE_FORMAT) {
  const socket = new WebSocket(`${webSocketUrl}${format}`);
  socket.binaryType = "arraybuffer";
  onTestFinished(() => socket.close());
  const frames: Frame[] = [];
  const types: string[] = [];
  const state: { isOpen: boolean; closed?: { code: number; reason: string } } = { isOpen: false };
  socket.addEventListener("open", () => {
    state.isOpen = true;
  });
  socket.addEventListener("error", () => undefined);
  socket.addEventListener("message", ({ data }) => {
    types.push(typeof data);
    frames.push(JSON.parse(typeof data === "string" ? data : Buffer.from(data).toString()));
  });
  socket.addEventListener("close", ({ code, reason }) => {
    state.closed = { code, reason };
  });
  await until(() => {
    if (!state.isOpen && !state.closed) throw new Error("the handshake goes on");
  });

  const send = (frame: object): void => socket.send(JSON.stringify(frame));
  const events = (): readonly Frame[] => frames.filter(({ data }) => data?.eventType === "conversation.activity");
  return {
    frames,
    /** `string` for a frame of text, `object` for a binary one. */
    types,
    send,
    isOpen: () => state.isOpen && !state.closed,
    authorize: (token: string) => send({ id: "auth", type: "authorization", data: { token } }),
    acknowledge: (messageId: string) => send({ type: "ack", messageId }),
    close: () => socket.close(),
    events,
    activities: () => events().map(({ data }) => data.activity),
    /** Resolves with the answer to a ping: everything that was sent before it has arrived. */
    async ping(id = "ping"): Promise<Frame> {
      send({ id, type: "ping" });
      return until(() => found(frames.find((frame) => frame.type === "pong" && frame.id === id)));
    },
    closed: () => until(() => found(state.closed)),
  };
}

function found<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("it has not come yet");
  return value;
}

/** A socket of the bot's that is ready to hear. */
export async function listen(twins: Twins, webSocketUrl: string) {
  const ear = await openSocket(webSocketUrl);
  ear.authorize(`Bearer ${twins.people.bot.token}`);
  await until(() => found(ear.frames[0]));
  return ear;
}
