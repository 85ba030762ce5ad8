import { z } from "zod";
import type { ServiceCalls } from "./service-calls.ts";

const catalogSchema = z.object({
  serviceLinks: z.object({ wdm: z.string() }),
  /** By host, the clusters that it serves: `urn:TEAM:us-east-2_a:conversation`. */
  hostCatalog: z.record(z.string(), z.array(z.object({ id: z.string().default("") }))).default({}),
});

/** The services of the bot's organisation. They differ by region: a device that registers elsewhere hears nothing. */
export interface Services {
  /** Where devices register. */
  readonly devices: string;
  /** The cluster in the public ids of what this address is about: `us`, or such as `urn:TEAM:eu-central-1_k`. */
  clusterOf(url: string): string;
}

/** @param apiUrl `WEBEX_API_URL`; any server but Webex's own has its catalogue beside its API, as the sandbox has */
export async function readServices(calls: ServiceCalls, apiUrl: string): Promise<Services> {
  const { host, origin } = new URL(apiUrl);
  const base = host === "webexapis.com" ? "https://u2c.wbx2.com" : origin;
  const catalog = await calls.call(catalogSchema, "GET", `${base}/u2c/api/v1/catalog?format=hostmap`);
  return {
    devices: `${catalog.serviceLinks.wdm.replace(/\/+$/, "")}/devices`,
    clusterOf(url) {
      const [{ id } = { id: "" }] = catalog.hostCatalog[new URL(url).hostname] ?? [];
      const cluster = id.split(":").slice(0, 3).join(":");
      return cluster === "" || OF_US.test(cluster) ? "us" : cluster;
    },
  };
}

/** The clusters whose ids say `us`. */
const OF_US = /^urn:TEAM:us-/;
