import { run } from "./run.ts";
import { REAL_TIME } from "./time.ts";

await run(process.env, REAL_TIME);
