import { type IncomingMessage, type Server, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import { isLoopbackHost, NO_CONTENT, requestUrl } from "../../http/http-messages.ts";
import { ignoreUpgrade } from "../../http/ignore-upgrade.ts";
import { createRouter } from "../../http/router.ts";
import { callerLabel } from "../../world/caller.ts";
import type { Device } from "../../world/device-store.ts";
import type { Person } from "../../world/people.ts";
import type { World } from "../../world/world.ts";
import { SOCKET_ROUTE } from "./addresses.ts";
import type { DeviceSockets } from "./device-sockets.ts";

const MAX_FRAME_BYTES = 1_000_000;

/** Answers the handshakes of the sockets of devices. They are calls: faults apply to them, and the log of calls has them. */
export function answerHandshakes(server: Server, world: World, sockets: Pick<DeviceSockets, "accept">) {
  const webSockets = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME_BYTES });
  const open = new Set<Duplex>();

  server.on("upgrade", (request, socket, head) => {
    if (request.headers.upgrade?.toLowerCase() !== "websocket") {
      ignoreUpgrade(server, request, socket, head);
      return;
    }
    open.add(socket);
    // A client that cuts the connection during the handshake is no fault of the sandbox.
    socket.on("error", () => socket.destroy());
    socket.on("close", () => open.delete(socket));
    void answer(request, socket, head);
  });

  async function answer(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const url = isLoopbackHost(request) ? readUrl(request) : undefined;
    if (!url) return refuse(socket, { status: 403 });
    const registered = findDevice(world, url);
    const { status, retryAfter } = await answerCall(world, url, registered);
    if (status === 0) return void socket.destroy();
    if (status !== 101 || !registered) return refuse(socket, { status, retryAfter });
    const isText = url.searchParams.get("outboundWireFormat") === "text";
    webSockets.handleUpgrade(request, socket, head, (webSocket) =>
      sockets.accept(webSocket, { device: registered.device, isText }),
    );
  }

  return {
    /** Node's server forgets a connection that has become a socket. */
    close(): void {
      for (const socket of open) socket.destroy();
    },
  };
}

function readUrl(request: IncomingMessage): URL | undefined {
  try {
    return requestUrl(request);
  } catch {
    return undefined;
  }
}

interface RegisteredDevice {
  readonly device: Device;
  readonly owner: Person;
}

const findPath = createRouter<undefined>({ [SOCKET_ROUTE]: () => NO_CONTENT });

function findDevice({ devices, people }: World, { pathname }: URL): RegisteredDevice | undefined {
  const match = findPath("GET", pathname);
  const device = typeof match === "string" ? undefined : devices.get(match.id);
  const owner = device && people.byId(device.ownerId);
  return device && owner && { device, owner };
}

interface HandshakeAnswer {
  /** 0 when the connection is cut. */
  readonly status: number;
  readonly retryAfter?: number | undefined;
}

/** Applies the faults, and logs the call as its owner's, because a handshake has no token. */
async function answerCall(world: World, url: URL, registered: RegisteredDevice | undefined): Promise<HandshakeAnswer> {
  const startedAt = performance.now();
  const call = {
    time: new Date(world.clock()).toISOString(),
    api: "webex",
    method: "GET",
    path: url.pathname,
  } as const;
  const person = registered?.owner;
  const by = callerLabel(person && { kind: person.role === "bot" ? "bot" : "person", person });
  const effect = world.faults.applyTo({ ...call, route: SOCKET_ROUTE, byBot: by === "bot" });
  if (effect.delayMs > 0) await world.faults.delay(effect.delayMs);
  const status = effect.drop ? 0 : (effect.status ?? (registered ? 101 : 404));
  const ms = Math.round(performance.now() - startedAt);
  world.calls.record({ ...call, query: url.search.slice(1), status, by, ms }, SOCKET_ROUTE);
  return { status, retryAfter: effect.retryAfter };
}

function refuse(socket: Duplex, { status, retryAfter }: HandshakeAnswer): void {
  const headers = ["connection: close", "content-length: 0"];
  if (retryAfter !== undefined) headers.push(`retry-after: ${retryAfter}`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? "Error"}\r\n${headers.join("\r\n")}\r\n\r\n`);
}
