import { UTC } from "../views/time-mark.ts";
import { type Distance, nearest } from "./suggest.ts";

/** A time zone in the spelling of the tz database; undefined when there is none of that name. */
export function canonicalZone(name: string): string | undefined {
  // Later versions of Node accept offsets, which are not zones: they have no summer time.
  if (!/^[a-z][\w+/-]*$/i.test(name)) return undefined;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    // `supportedValuesOf` leaves out the other names of zones, so a name has to be tried.
    return undefined;
  }
}

/** The zone that was probably meant: by its city, or by a similar name. */
export function nearestZone(name: string, distance: Distance): string | undefined {
  const zones = [UTC, ...Intl.supportedValuesOf("timeZone")];
  const word = name.toLowerCase();
  const near = nearest(word, [...zones, ...zones.map(cityOf)].map(lower), distance);
  return zoneOfCity(name) ?? zones.find((zone) => isCalled(zone, near));
}

/** `Berlin` is `Europe/Berlin`. */
export function zoneOfCity(name: string): string | undefined {
  const word = name.toLowerCase();
  return Intl.supportedValuesOf("timeZone").find((zone) => cityOf(zone).toLowerCase() === word);
}

function cityOf(zone: string): string {
  return zone.slice(zone.lastIndexOf("/") + 1);
}

function lower(text: string): string {
  return text.toLowerCase();
}

function isCalled(zone: string, name: string | undefined): boolean {
  return lower(zone) === name || lower(cityOf(zone)) === name;
}
