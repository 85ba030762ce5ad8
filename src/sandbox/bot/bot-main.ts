import process from "node:process";
import { ClockModeSchema } from "../clock/clock-mode.ts";
import { createVirtualTime } from "../clock/virtual-time.ts";

/**
 * The real bot, unmodified, in a process that ends with the sandbox: one that outlived it would fight the next sandbox's bot
 * for the webhooks.
 */
process.on("disconnect", () => {
  // By then the bot has stopped in good order; but with nobody left to read its log, the log's own last flush never ends.
  process.prependListener("exit", () => process.kill(process.pid, "SIGKILL"));
  process.kill(process.pid, "SIGTERM");
});

/** It lives in the sandbox's time: the sandbox says at the start how that goes, and hears back every time that this one knows. */
const time = createVirtualTime();
await new Promise<void>((resolve) => {
  process.on("message", (told) => {
    time.setMode(ClockModeSchema.parse(told));
    process.send?.(told);
    resolve();
  });
});
// That somebody could say more is no reason to stay: a bot that cannot start ends.
process.channel?.unref();
const { run } = await import("../../app/run.ts");
await run(process.env, time);
