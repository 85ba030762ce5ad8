import process from "node:process";

/**
 * The real bot, unmodified, in a process that ends with the sandbox: one that outlived it would fight the next sandbox's bot
 * for the webhooks.
 */
process.on("disconnect", () => {
  // By then the bot has stopped in good order; but with nobody left to read its log, the log's own last flush never ends.
  process.prependListener("exit", () => process.kill(process.pid, "SIGKILL"));
  process.kill(process.pid, "SIGTERM");
});
await import("../main.ts");
