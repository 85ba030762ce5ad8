import process from "node:process";

/**
 * The real bot, unmodified, in a process that ends with the sandbox: one that outlived it would fight the next sandbox's bot
 * for the webhooks.
 */
process.on("disconnect", () => {
  // By then the bot has stopped in good order; but with its pipes broken, Node was seen to hang in its own exit.
  process.on("exit", () => process.kill(process.pid, "SIGKILL"));
  process.kill(process.pid, "SIGTERM");
});
await import("../main.ts");
