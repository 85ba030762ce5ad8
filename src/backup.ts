import { runBackup } from "./app/backup.ts";

await runBackup(process.argv.slice(2), process.env);
