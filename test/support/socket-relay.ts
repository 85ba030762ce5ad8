import type { Server } from "node:http";
import { type RawData, WebSocket, WebSocketServer } from "ws";
import { z } from "zod";
import { innerId } from "../../src/webex/webex-id.ts";

const frameSchema = z.object({
  id: z.string().optional(),
  type: z.string().optional(),
  messageId: z.string().optional(),
  data: z
    .object({
      activity: z.object({ id: z.string(), verb: z.string(), actor: z.object({ entryUUID: z.string() }) }).optional(),
    })
    .optional(),
});

const QUESTIONS = ["post", "share", "cardAction"];

interface SocketRelayOptions {
  /** The address of the twins. */
  readonly url: string;
  readonly botId: string;
  /** Takes the bare id of a question that the bot has acknowledged. */
  readonly onAcknowledged: (id: string) => void;
  /** How often the bot gets each frame of the twins. */
  readonly copies?: number;
}

/** Passes the sockets of this server on to the twins, and notes the questions that the bot acknowledges: its own are none. */
export function relaySockets(server: Server, { url, botId, onAcknowledged, copies = 1 }: SocketRelayOptions): void {
  const handshakes = new WebSocketServer({ noServer: true });
  const questions = new Map<string, string>();

  function onFrameOfTwins(data: RawData): void {
    const { id = "", data: event } = frameSchema.parse(JSON.parse(String(data)));
    const { activity } = event ?? {};
    if (activity === undefined || activity.actor.entryUUID === innerId(botId)) return;
    if (QUESTIONS.includes(activity.verb)) questions.set(id, activity.id);
  }

  function onFrameOfBot(data: RawData): void {
    const { type, messageId = "" } = frameSchema.parse(JSON.parse(String(data)));
    const question = questions.get(messageId);
    if (type === "ack" && question !== undefined) onAcknowledged(question);
  }

  server.on("upgrade", (request, socket, head) => {
    const twins = new WebSocket(new URL(request.url ?? "", url.replace(/^http/, "ws")));
    const cut = () => socket.destroy();
    twins.on("error", cut);
    socket.on("error", () => twins.terminate());
    twins.on("open", () =>
      handshakes.handleUpgrade(request, socket, head, (bot) => {
        twins.on("close", cut);
        bot.on("close", () => twins.terminate());
        twins.on("message", (data) => {
          onFrameOfTwins(data);
          for (let copy = 0; copy < copies; copy += 1) bot.send(String(data));
        });
        bot.on("message", (data) => {
          onFrameOfBot(data);
          twins.send(String(data));
        });
      }),
    );
  });
}
