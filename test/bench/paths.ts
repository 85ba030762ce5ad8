import { fileURLToPath } from "node:url";

/** The bench is compiled into `dist/bench/test/bench`, beside the build that it starts. */
const DIST = new URL("../../..", import.meta.url);
const DIST_SANDBOX = new URL("../dist-sandbox/", DIST);

export const ROOT = fileURLToPath(new URL("..", DIST));
export const PERFORMANCE_PAGE = fileURLToPath(new URL("../docs/performance.md", DIST));
export const PROCFILE = fileURLToPath(new URL("../Procfile", DIST));
export const BOT = fileURLToPath(new URL("main.js", DIST));
export const SANDBOX = fileURLToPath(new URL("sandbox/main.js", DIST_SANDBOX));
/** The bot that goes by a sandbox's time. */
export const SANDBOX_BOT = fileURLToPath(new URL("sandbox/bot/bot-main.js", DIST_SANDBOX));
