import { type Distance, nearest } from "./suggest.ts";

/** The time zone when nobody says. */
export const UTC = "UTC";

/** A time zone in the spelling of the tz database, whatever its capitals; undefined when there is none of that name. */
export function canonicalZone(name: string): string | undefined {
  // Later versions of Node take offsets, which are no zones: they know no summer.
  if (!/^[a-z][\w+/-]*$/i.test(name)) return undefined;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    // There is no other way to ask: the list of zones leaves out their other names.
    return undefined;
  }
}

/** The zone that was probably meant: by its city, or by a name that is spelled nearly so. */
export function nearestZone(name: string, distance: Distance): string | undefined {
  const zones = [UTC, ...Intl.supportedValuesOf("timeZone")];
  const word = name.toLowerCase();
  const near = nearest(word, [...zones, ...zones.map(cityOf)].map(lower), distance);
  return (
    zones.find((zone) => cityOf(zone).toLowerCase() === word) ?? zones.find((zone) => isCalled(zone, near))
  );
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
