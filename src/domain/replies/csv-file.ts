import type { Clock } from "../ports/runtime.ts";
import { formatCount, formatNumber, formatTime } from "../views/text.ts";
import type { Button } from "../views/views.ts";
import { type FileState, type Reply, textReply } from "./reply.ts";

interface CsvFile<Row> {
  readonly title: string;
  /** The content of the file, in words. */
  readonly about: readonly string[];
  readonly buttons: readonly Button[];
  readonly name: string;
  readonly total: number;
  readonly noun: string;
  readonly rows: () => AsyncIterable<Row>;
  readonly write: (rows: AsyncIterable<Row>) => AsyncIterable<Uint8Array>;
  readonly clock: Clock;
}

/** A message that announces a CSV file of any length, whose rows are read while it is sent, and says how far it is. */
export function csvReply<Row>({ title, about, buttons, name, total, noun, rows, write, clock }: CsvFile<Row>): Reply {
  let written = 0;
  async function* counted(): AsyncIterable<Row> {
    written = 0;
    for await (const row of rows()) {
      written += 1;
      yield row;
    }
  }
  const progress = (): string => {
    const now = clock();
    return `The file follows: ${formatNumber(written)} of ${formatCount(total, noun)} at ${formatTime(now, now)}.`;
  };
  const lineOf: Readonly<Record<FileState, () => string>> = {
    "in progress": progress,
    sent: () => "The file is below.",
    "not sent": () => "There is no file; the message below says why.",
  };
  return {
    ...textReply(title, [...about, "The file follows."], buttons),
    viewWithFile: (state) => textReply(title, [...about, lineOf[state]()], buttons).view,
    file: { text: title, file: { name, type: "text/csv", content: () => write(counted()) } },
  };
}
