import { run } from "./run.ts";
import { SYSTEM_TIME } from "./time.ts";

await run(process.env, SYSTEM_TIME);
