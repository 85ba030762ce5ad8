import type { Cluster } from "../../world/webex-ids.ts";

/** The addresses of the services behind a device. They are Webex's own below their host, which is the sandbox's for all. */

export const servicesAt = (origin: string) => ({
  /** The REST API. */
  hydra: `${origin}/v1`,
  u2c: `${origin}/u2c/api/v1`,
  wdm: `${origin}/wdm/api/v1`,
  mercury: `${origin}/mercury/v1`,
  conversation: `${origin}/conversation/api/v1`,
  metrics: `${origin}/metrics/api/v1`,
});

/** The client's own cluster is the US. The other one is the same sandbox by its other name, as clients tell clusters by hosts. */
function originOf(cluster: Cluster, origin: string): string {
  if (cluster === "us") return origin;
  const url = new URL(origin);
  url.hostname = url.hostname === "localhost" ? "127.0.0.1" : "localhost";
  return url.origin;
}

/** The answer to a client that looks for the services, and for the cluster of a host. A host has no port in it. */
export function catalogueAt(origin: string) {
  const entry = (cluster: Cluster, id: string) => {
    const host = new URL(originOf(cluster, origin)).hostname;
    return [host, [{ host, ttl: -1, priority: 1, id: `${id}:conversation` }]] as const;
  };
  const hosts = [entry("us", "urn:TEAM:us-east-2_a"), entry("urn:TEAM:eu-central-1_k", "urn:TEAM:eu-central-1_k")];
  return { serviceLinks: servicesAt(origin), hostCatalog: Object.fromEntries(hosts) };
}

export const conversationUrl = (origin: string, cluster: Cluster, path: string): string =>
  `${servicesAt(originOf(cluster, origin)).conversation}${path}`;

const REGISTRATIONS = "/mercury/v1/apps/wx2/registrations";

export const deviceUrl = (origin: string, id: string): string => `${servicesAt(origin).wdm}/devices/${id}`;

export const webSocketUrl = (origin: string, id: string): string =>
  `${origin.replace(/^http/, "ws")}${REGISTRATIONS}/${id}/messages`;

/** The route of the handshake, as the log of calls and the faults name it. */
export const SOCKET_ROUTE = `GET ${REGISTRATIONS}/:id/messages`;
