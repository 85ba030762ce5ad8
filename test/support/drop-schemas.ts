import { dropAllSchemas, runPrefix } from "./postgres-schemas.ts";

/** Names the schemas of this run before its workers start, and drops them at its end. */
export function setup(): (() => Promise<void>) | undefined {
  const url = process.env.TEST_DATABASE_URL;
  if (url === undefined || url === "") return undefined;
  runPrefix();
  return () => dropAllSchemas(url);
}
