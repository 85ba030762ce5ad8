import { setTimeout as sleep } from "node:timers/promises";
import { WebSocket } from "undici";
import { createHttpClient } from "../../support/http-client.ts";

/** The result of V8's profiler: the tree of calls, and the node that each sample was in. */
export interface Profile {
  readonly nodes: readonly ProfileNode[];
  /** Ids of nodes, one for each sample. */
  readonly samples: readonly number[];
  /** Microseconds before each sample. */
  readonly timeDeltas: readonly number[];
}

export interface ProfileNode {
  readonly id: number;
  readonly callFrame: CallFrame;
  readonly children?: readonly number[];
}

/** Lines and columns from 0. */
interface CallFrame {
  readonly functionName: string;
  /** Empty for what is no JavaScript of a file. */
  readonly url: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}

export interface Profiler {
  start(): Promise<void>;
  stop(): Promise<Profile>;
  /** The process ends only after that. */
  detach(): void;
}

const SAMPLE_US = 500;

/**
 * Attaches V8's profiler to a process that waits for it at its first line (`--inspect-brk`), starts it, and lets the process run.
 * @param port of the process's inspector
 */
export async function attachProfiler(port: number): Promise<Profiler> {
  const { call, close } = await connect(await inspectorUrl(port));
  await call("Profiler.enable");
  await call("Profiler.setSamplingInterval", { interval: SAMPLE_US });
  await call("Profiler.start");
  await call("Runtime.runIfWaitingForDebugger");
  return {
    async start() {
      await call("Profiler.start");
    },
    async stop() {
      const { profile } = await call<{ profile: Profile }>("Profiler.stop");
      return profile;
    },
    detach: close,
  };
}

const TRIES = 200;

/** The process opens its inspector some time after it is started. */
async function inspectorUrl(port: number): Promise<string> {
  const inspector = createHttpClient(`http://127.0.0.1:${port}`);
  for (let left = TRIES; ; left -= 1) {
    try {
      const [target] = await inspector<readonly { webSocketDebuggerUrl: string }[]>("GET", "/json/list");
      if (target !== undefined) return target.webSocketDebuggerUrl;
    } catch (error) {
      if (left === 0) throw error;
    }
    await sleep(50);
  }
}

/** Speaks the inspector's protocol: a call is a JSON message with an id, and its answer has the same id. */
async function connect(url: string) {
  const socket = new WebSocket(url);
  const waiting = new Map<number, (result: unknown) => void>();
  socket.addEventListener("message", ({ data }) => {
    const { id, result } = JSON.parse(String(data));
    waiting.get(id)?.(result);
    waiting.delete(id);
  });
  await new Promise((resolve, reject) => {
    socket.addEventListener("open", resolve);
    socket.addEventListener("error", reject);
  });
  let calls = 0;
  const call = <T>(method: string, params: object = {}) =>
    new Promise<T>((resolve) => {
      calls += 1;
      waiting.set(calls, resolve as (result: unknown) => void);
      socket.send(JSON.stringify({ id: calls, method, params }));
    });
  return { call, close: () => socket.close() };
}
