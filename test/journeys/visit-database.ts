import { VISITS } from "../support/database-visits.ts";

/** Does one thing with a database, and prints the result: see `visit`. */
const [name = "", args = "[]"] = process.argv.slice(2);
const visit: ((...args: never) => Promise<unknown>) | undefined = VISITS[name as keyof typeof VISITS];
process.stdout.write(JSON.stringify((await visit(...(JSON.parse(args) as never))) ?? null));
