import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { BOT, PROCFILE } from "./paths.ts";

export type LogEntry = Readonly<Record<string, unknown>>;

/** A bot in a process of its own, which logs JSON lines with an `event`. */
export interface Bot {
  /** The line it logs for the nth time that this happens, from 1. Throws when the bot ends before. */
  waitFor(event: string, nth?: number): Promise<LogEntry>;
  /** The first such line behind this one. */
  waitForAfter(line: LogEntry, event: string): Promise<LogEntry>;
  /** The last such line so far. */
  last(event: string): LogEntry | undefined;
  /** The memory it has now, in bytes: `VmRSS`. Linux only. */
  memory(): number;
  /** The most memory it ever had, in bytes: `VmHWM`. Linux only. */
  peakMemory(): number;
  /** The time of the processor that it has taken so far, in milliseconds, to 10 ms. Linux only. */
  cpuMs(): number;
  /** The bytes that it has written to disk so far: files, not sockets. Linux only. */
  bytesWritten(): number;
  /** Settled once the process has ended. */
  readonly ended: Promise<unknown>;
  stop(): Promise<void>;
  kill(): Promise<void>;
}

/** The options of the Procfile for a program: a smaller heap than Node's default, so that the process fits 512 MB. */
export function procfileArguments(program = BOT): readonly string[] {
  const [, given] = /^web: node (.*) dist\/main\.js$/m.exec(readFileSync(PROCFILE, "utf8")) ?? [];
  if (given === undefined) throw new Error("The Procfile does not start the bot as the bench knows it.");
  return [...given.split(" "), program];
}

/** Of a tick of `/proc/<pid>/stat`: Linux counts 100 a second for every program, whatever it counts itself. */
const TICK_MS = 10;

/**
 * @param env the whole environment of the process, nothing of this one's beside PATH
 * @param args the arguments of Node.js; without them it is the real bot, as the Procfile runs it
 */
export function startBot(env: Readonly<Record<string, string>>, args = procfileArguments()): Bot {
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env.PATH ?? "", ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exit = once(child, "exit");
  const logged: LogEntry[] = [];
  let waiting: (() => void)[] = [];
  createInterface({ input: child.stdout }).on("line", (text) => {
    logged.push(JSON.parse(text));
    for (const resume of waiting.splice(0)) resume();
  });
  exit.then(() => {
    for (const resume of waiting.splice(0)) resume();
  });
  const read = (file: string): string => readFileSync(`/proc/${child.pid}/${file}`, "utf8");

  async function find(event: string, choose: () => LogEntry | undefined): Promise<LogEntry> {
    for (;;) {
      const found = choose();
      if (found !== undefined) return found;
      if (child.exitCode !== null || child.signalCode !== null) throw new Error(`The bot ended before ${event}.`);
      await new Promise<void>((resolve) => {
        waiting = [...waiting, resolve];
      });
    }
  }
  const all = (event: string, lines: readonly LogEntry[] = logged) => lines.filter((line) => line.event === event);

  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    await exit;
  };

  return {
    waitFor: (event, nth = 1) => find(event, () => all(event)[nth - 1]),
    waitForAfter: (line, event) => find(event, () => all(event, logged.slice(logged.indexOf(line) + 1))[0]),
    last: (event) => all(event).at(-1),
    memory: () => 1024 * Number(/VmRSS:\s+(\d+)/.exec(read("status"))?.[1]),
    peakMemory: () => 1024 * Number(/VmHWM:\s+(\d+)/.exec(read("status"))?.[1]),
    cpuMs() {
      // The name of the program, in brackets, may hold spaces; `utime` and `stime` are 12th and 13th behind it.
      const [, ...fields] = read("stat").replace(/^.*\)/s, "").split(" ");
      return TICK_MS * (Number(fields[11]) + Number(fields[12]));
    },
    bytesWritten: () => Number(/^write_bytes: (\d+)/m.exec(read("io"))?.[1]),
    ended: exit,
    stop: () => end("SIGTERM"),
    kill: () => end("SIGKILL"),
  };
}
