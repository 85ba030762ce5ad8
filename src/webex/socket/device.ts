import { z } from "zod";
import { undefinedIfNotFound } from "../failures.ts";
import type { ServiceCalls } from "./service-calls.ts";

const deviceSchema = z.object({
  url: z.string(),
  webSocketUrl: z.string(),
  name: z.string().default(""),
  modificationTime: z.string().default(""),
});

const devicesSchema = z.object({ devices: z.array(deviceSchema).default([]) });

export type Device = Pick<z.infer<typeof deviceSchema>, "url" | "webSocketUrl">;

/** One name for all starts: Webex allows about 100 devices of a bot, and the events that a device did not take stay with it. */
const NAME = "wholesale-bot";

const DESCRIPTION = {
  deviceName: NAME,
  name: NAME,
  deviceType: "DESKTOP",
  model: "nodejs",
  localizedModel: "nodejs",
  systemName: NAME,
  systemVersion: "1",
};

/**
 * The device of the bot, refreshed; registered if Webex says twice that it has none, or has it no more. A new device is told nothing
 * of what the one before it did not take.
 */
export async function takeDevice(calls: ServiceCalls, devicesUrl: string): Promise<Device> {
  const { devices } = (await foundInTwo(() => calls.call(devicesSchema, "GET", devicesUrl))) ?? { devices: [] };
  const [known] = devices
    .filter(({ name }) => name === NAME)
    .toSorted((a, b) => b.modificationTime.localeCompare(a.modificationTime));
  const refreshed = known && (await foundInTwo(() => calls.call(deviceSchema, "PUT", known.url, DESCRIPTION)));
  return refreshed ?? calls.call(deviceSchema, "POST", devicesUrl, DESCRIPTION);
}

/** Another device in the place of the bot's. */
export async function replaceDevice(calls: ServiceCalls, devicesUrl: string): Promise<Device> {
  const { url } = await takeDevice(calls, devicesUrl);
  await undefinedIfNotFound(calls.remove(url));
  return takeDevice(calls, devicesUrl);
}

/** Undefined if both of two calls are answered 404. */
const foundInTwo = async <T>(call: () => Promise<T>): Promise<T | undefined> =>
  (await undefinedIfNotFound(call())) ?? undefinedIfNotFound(call());
