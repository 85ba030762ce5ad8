import { setTimeout as sleep } from "node:timers/promises";
import type { Twins } from "./twins.ts";

export interface ExportFigures {
  /** From the message that asks for it to the one with the file. */
  readonly seconds: number;
  readonly bytes: number;
  /** Without the headings. */
  readonly rows: number;
}

interface Message {
  readonly roomId: string;
  readonly files?: readonly string[];
}

/** A viewer writes `export` to the bot, 1:1, and opens the file that comes. */
export async function measureExport(twins: Twins): Promise<ExportFigures> {
  const people = await twins.console<{ role: string; token: string; personId: string }[]>("GET", "/people");
  const viewer = people.find(({ role }) => role === "viewer");
  const bot = people.find(({ role }) => role === "bot");
  const headers = { authorization: `Bearer ${viewer?.token}`, "content-type": "application/json" };
  const begun = performance.now();
  const body = JSON.stringify({ toPersonId: bot?.personId, text: "export" });
  const asked = await fetch(`${twins.url}/v1/messages`, { method: "POST", headers, body });
  const { roomId } = (await asked.json()) as Message;
  for (;;) {
    const list = await fetch(`${twins.url}/v1/messages?roomId=${roomId}&max=5`, { headers });
    const { items } = (await list.json()) as { items: readonly Message[] };
    const [file] = items.flatMap(({ files }) => files ?? []);
    if (file !== undefined) {
      const seconds = (performance.now() - begun) / 1000;
      const content = Buffer.from(await (await fetch(file, { headers })).arrayBuffer());
      return { seconds, bytes: content.length, rows: countRecords(content.toString()) - 1 };
    }
    await sleep(50);
  }
}

/** By the rules of RFC 4180: a line break within quotes is no end of a record. */
function countRecords(csv: string): number {
  let records = 0;
  let quoted = false;
  for (const char of csv) {
    if (char === '"') quoted = !quoted;
    if (char === "\n" && !quoted) records += 1;
  }
  return records;
}
