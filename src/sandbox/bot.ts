import process from "node:process";

/**
 * The real bot, unmodified, in a process that ends with the sandbox: one that outlived it would fight the next sandbox's bot
 * for the webhooks.
 */
process.on("disconnect", () => process.kill(process.pid, "SIGTERM"));
await import("../main.ts");
