import { z } from "zod";
import { httpError, NO_CONTENT, ok, readJson } from "../http/http-messages.ts";
import type { Routes } from "../http/router.ts";
import { presentDevice } from "../webex/devices/device-routes.ts";
import type { DeviceSockets } from "../webex/devices/device-sockets.ts";
import type { World } from "../world/world.ts";

const CLOSE_CODE_ERROR = "must be a code that a server may send: 1000 to 1003, 1007 to 1014, or 3000 to 4999";
const isCloseCode = (code: number): boolean =>
  [1000, 1001, 1002, 1003].includes(code) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);

const CloseSchema = z.strictObject({
  /** The connections are cut when absent: clients see 1006. */
  code: z.int().refine(isCloseCode, CLOSE_CODE_ERROR).optional(),
  reason: z.string().max(100).default(""),
});

/** A frame with a type is sent as it is, and one with the data of an event in an envelope. */
const FrameSchema = z.union([
  z.looseObject({ type: z.string() }),
  z.strictObject({ data: z.looseObject({ eventType: z.string() }) }),
]);

/** Shows the devices and what they hear, and disturbs all of their sockets. Single frames are lost by faults. */
export function deviceControlRoutes(world: World, sockets: DeviceSockets): Routes<undefined> {
  const { devices, people } = world;
  return {
    "GET /sandbox/devices": () =>
      ok(
        devices.all().map((device) => ({
          ...presentDevice(device),
          owner: people.byId(device.ownerId)?.displayName,
          isListening: devices.isListening(device.id),
          unacknowledged: sockets.unacknowledged(device.id),
        })),
      ),
    "DELETE /sandbox/devices": () => {
      devices.clear();
      sockets.endAll([1000, "unregistered"]);
      return NO_CONTENT;
    },
    "POST /sandbox/devices/close": (ask) => {
      const { code, reason } = readJson(ask, CloseSchema);
      return ok({ sockets: someSocket(sockets.endAll(code === undefined ? undefined : [code, reason])) });
    },
    "POST /sandbox/devices/send": (ask) => ok({ sockets: someSocket(sockets.sendAll(readJson(ask, FrameSchema))) }),
  };
}

function someSocket(count: number): number {
  if (count === 0) throw httpError(409, "No device listens.");
  return count;
}
