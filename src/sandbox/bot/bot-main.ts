import process from "node:process";
import { ClockModeSchema } from "../clock/clock-mode.ts";
import { createVirtualTime } from "../clock/virtual-time.ts";

/**
 * The real bot in a process that ends with the sandbox. Otherwise it would compete for webhooks with the bot of the next
 * sandbox.
 */
process.on("disconnect", () => void process.kill(process.pid, "SIGTERM"));

/** The bot runs on the sandbox's clock. The sandbox sends the clock mode at the start and at each change; each is confirmed. */
const time = createVirtualTime();
await new Promise<void>((resolve) => {
  process.on("message", (message) => {
    time.setMode(ClockModeSchema.parse(message));
    process.send?.(message);
    resolve();
  });
});
// The channel must not keep the process alive: a bot that cannot start ends.
process.channel?.unref();
const { run } = await import("../../app/run.ts");
// Everybody knows the tokens of the sandbox, so its bot answers this machine alone.
await run(process.env, time, "127.0.0.1");
