import { REDACTED, type Secrets } from "./domain/ports/runtime.ts";

/** A shorter text may be a common word, and no token is as short. */
const SHORTEST = 8;
/** Access tokens are renewed for as long as the process lives; the oldest expired long ago. */
const MOST = 100;

/** Knows the secrets of this process. @param configured those that never change */
export function createSecrets(configured: readonly string[]): Secrets {
  const fixed = configured.flatMap(formsOf);
  const renewed = new Set<string>();
  return {
    add(secret) {
      for (const form of formsOf(secret)) {
        renewed.delete(form);
        renewed.add(form);
      }
      for (const oldest of renewed) if (renewed.size > MOST) renewed.delete(oldest);
    },
    redact(text) {
      let redacted = text;
      for (const secret of [...fixed, ...renewed]) redacted = redacted.replaceAll(secret, REDACTED);
      return redacted;
    },
  };
}

/** As it is, and as an address, a form, a JSON text and one within another have it. */
function formsOf(secret: string): readonly string[] {
  if (secret.length < SHORTEST) return [];
  const form = new URLSearchParams({ secret }).toString().slice("secret=".length);
  const escaped = inJson(secret);
  const forms = new Set([secret, encodeURIComponent(secret), form, escaped, inJson(escaped)]);
  return [...forms];
}

const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);
