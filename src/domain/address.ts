/**
 * An address in lower case, of its Latin letters alone: `toLowerCase` also makes a k of the Kelvin sign, so that a stranger's
 * address would be that of an insider.
 */
export function foldAddress(address: string): string {
  return address.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
