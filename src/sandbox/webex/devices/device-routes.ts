import { z } from "zod";
import { type HttpRequest, httpError, NO_CONTENT, ok, readJson } from "../../http/http-messages.ts";
import type { Routes } from "../../http/router.ts";
import type { Caller } from "../../world/caller.ts";
import type { Device } from "../../world/device-store.ts";
import type { Person } from "../../world/people.ts";
import { CLUSTERS, decodeId, type IdKind, webexId } from "../../world/webex-ids.ts";
import type { World } from "../../world/world.ts";
import { readableAction, readableMessage } from "../read-access.ts";
import { catalogueAt, deviceUrl, servicesAt, webSocketUrl } from "./addresses.ts";

/** Of one person and type (webex-js-sdk, pull request 4823). */
const MAX_DEVICES = 100;

/** Clients name different things of themselves, and all of them a type. */
const DeviceSchema = z.object({
  deviceType: z.string().min(1),
  name: z.string().exactOptional(),
  deviceName: z.string().exactOptional(),
  model: z.string().exactOptional(),
  localizedModel: z.string().exactOptional(),
  systemName: z.string().exactOptional(),
  systemVersion: z.string().exactOptional(),
});

/** The catalogue for clients that know only of whom they will be, such as an organization. */
export const limitedCatalogueRoutes: Routes<undefined> = {
  "GET /u2c/api/v1/limited/catalog": (ask) => ok(catalogueAt(originOf(ask))),
};

/** The calls of a client without a public address before it listens by a socket. No document of Cisco describes them. */
export function deviceRoutes(world: World): Routes<Caller> {
  const { devices } = world;
  const mine = (id: string, person: Person): Device => {
    const device = devices.get(id);
    if (device?.ownerId === person.id) return device;
    throw httpError(404, "The device could not be found.");
  };
  return {
    "GET /u2c/api/v1/catalog": (ask) => ok(catalogueAt(originOf(ask))),
    "GET /wdm/api/v1/devices": (_, { person }) => {
      const own = devices.ofPerson(person.id);
      if (own.length === 0) throw httpError(404, "The user has no devices.");
      return ok({ devices: own.map(presentDevice) });
    },
    "POST /wdm/api/v1/devices": (ask, { person }) => {
      const details = readJson(ask, DeviceSchema);
      const alike = devices.ofPerson(person.id).filter(({ deviceType }) => deviceType === details.deviceType);
      if (alike.length >= MAX_DEVICES) throw httpError(403, "User has excessive device registrations");
      return ok(presentDevice(devices.add({ ownerId: person.id, origin: originOf(ask) }, details)));
    },
    "GET /wdm/api/v1/devices/:id": ({ id }, { person }) => ok(presentDevice(mine(id, person))),
    "PUT /wdm/api/v1/devices/:id": (ask, { person }) => {
      const device = mine(ask.id, person);
      return ok(presentDevice(devices.refresh(device, readJson(ask, DeviceSchema))));
    },
    "DELETE /wdm/api/v1/devices/:id": ({ id }, { person }) => {
      devices.remove(mine(id, person).id);
      return NO_CONTENT;
    },
    ...lookupRoutes(world),
    // Cisco's SDK reports how it fares, and ends when nobody takes the report.
    "POST /metrics/api/v1/clientmetrics": () => NO_CONTENT,
  };
}

/** Activities have bare UUIDs. These tell the public id, which names the cluster of the space too. */
function lookupRoutes(world: World): Routes<Caller> {
  const { messages } = world;
  const inSomeCluster = (kind: IdKind, uuid: string, isKnown: (id: string) => unknown): string =>
    CLUSTERS.map((cluster) => webexId(kind, uuid, cluster)).find(isKnown) ?? "";
  return {
    "GET /conversation/api/v1/messages/:id": ({ id: uuid }, { person }) => {
      const id = inSomeCluster("MESSAGE", uuid, messages.message);
      return ok({ id: readableMessage(world, id, person).id });
    },
    "GET /conversation/api/v1/attachment/actions/:id": ({ id: uuid }, { person }) => {
      const id = inSomeCluster("ATTACHMENT_ACTION", uuid, messages.attachmentAction);
      return ok({ id: readableAction(world, id, person).id });
    },
  };
}

/** The host of the sandbox as the client wrote it, which links lead back to. */
const originOf = ({ base }: HttpRequest): string => new URL(base).origin;

export function presentDevice({ id, ownerId, origin, ...details }: Device) {
  return {
    url: deviceUrl(origin, id),
    webSocketUrl: webSocketUrl(origin, id),
    userId: decodeId(ownerId),
    ...details,
    services: servicesAt(origin),
  };
}
