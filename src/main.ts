import { run } from "./app/run.ts";
import { SYSTEM_TIME } from "./app/system-time.ts";

await run(process.env, SYSTEM_TIME);
