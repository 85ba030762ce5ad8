import { z } from "zod";
import type { Lie } from "../http/http-messages.ts";

/** The frames on the sockets of devices that can be lost, by their type or the type of their event. */
const FRAMES = ["authorization", "pong", "conversation.activity"] as const;
export type LosableFrame = (typeof FRAMES)[number];

export const FaultSchema = z.strictObject({
  api: z.enum(["webex", "wholesale"]).optional(),
  /** A path (`/messages`, and everything below it) or a route (`/messages/:id`); every path when absent. */
  path: z.string().startsWith("/").optional(),
  /** The path alone, and nothing below it. */
  exact: z.boolean().default(false),
  method: z
    .string()
    .transform((method) => method.toUpperCase())
    .optional(),
  status: z.int().min(400).max(599).optional(),
  /** Seconds, sent as `Retry-After`. */
  retryAfter: z.number().min(0).optional(),
  /** The number of calls it affects; all of them when absent. */
  times: z.int().min(1).optional(),
  delayMs: z.number().min(0).max(600_000).default(0),
  probability: z.number().min(0).max(1).default(1),
  /** The call is carried out, and its connection cut before the answer. */
  drop: z.boolean().default(false),
  /** The list of customers (or of members) is empty or ends after its first half, or it repeats its first two pages without an end. */
  lie: z.enum(["empty", "half", "alternate"]).optional(),
  /** The links to next pages have only their position, and lack what was asked for. */
  bareLinks: z.boolean().default(false),
  /** Frames of this kind are lost on the sockets of devices, and no call is affected. A lost event never comes again. */
  frame: z.enum(FRAMES).optional(),
  /** The error repeats the token and the body of the request. */
  echo: z.boolean().default(false),
  /** A fault affects the bot only, unless this is "anyone", so that people can still chat. */
  by: z.enum(["bot", "anyone"]).default("bot"),
  /** Set by the sandbox. A given one is ignored, so that a listed fault can be posted again. */
  id: z.string().optional(),
});

export type NewFault = z.input<typeof FaultSchema>;

export type Fault = Readonly<z.output<typeof FaultSchema> & { id: string }>;

export interface FaultTarget {
  readonly api: "webex" | "wholesale";
  readonly method: string;
  readonly path: string;
  /** `GET /messages/:id` */
  readonly route: string;
  /** Made with a token of the bot: its own or the Wholesale one. */
  readonly byBot: boolean;
}

export interface FaultEffect {
  readonly delayMs: number;
  readonly drop: boolean;
  readonly status?: number;
  readonly retryAfter?: number;
  readonly lie?: Lie;
  readonly bareLinks: boolean;
  readonly echo: boolean;
}

interface FaultsDeps {
  /** A random number from 0 up to 1, for faults with a probability. */
  readonly random: () => number;
  readonly onChange: () => void;
}

export function createFaults({ random, onChange }: FaultsDeps) {
  let active: readonly Fault[] = [];
  let count = 0;
  const delayed = new Set<() => void>();

  function use(fault: Fault): void {
    if (fault.times === undefined) return;
    const left = fault.times - 1;
    active = active.flatMap((other) => (other.id !== fault.id ? other : left > 0 ? { ...fault, times: left } : []));
    onChange();
  }

  return {
    list: () => active,
    add(newFault: NewFault): Fault {
      count += 1;
      const fault = { ...FaultSchema.parse(newFault), id: `fault-${count}` };
      active = [...active, fault];
      onChange();
      return fault;
    },
    /** Removes one fault, or all of them. Removing all ends the delays of pending calls. */
    clear(id?: string): void {
      active = id === undefined ? [] : active.filter((fault) => fault.id !== id);
      if (id === undefined) for (const goOn of delayed) goOn();
      onChange();
    },
    delay(ms: number): Promise<void> {
      return new Promise((resolve) => {
        const goOn = () => {
          clearTimeout(timer);
          delayed.delete(goOn);
          resolve();
        };
        const timer = setTimeout(goOn, ms).unref();
        delayed.add(goOn);
      });
    },
    /** True if a frame of a device is lost, whose owner is the bot or somebody else. */
    losesFrame(frame: LosableFrame, byBot: boolean): boolean {
      const fault = active.find((one) => one.frame === frame && affects(one, byBot) && random() < one.probability);
      if (fault) use(fault);
      return fault !== undefined;
    },
    /** Applies all matching delays, and the first matching error or dropped connection only; the later ones stay for later calls. */
    applyTo(call: FaultTarget): FaultEffect {
      const fitting = active.filter((fault) => matchesCall(fault, call) && random() < fault.probability);
      const first = fitting.find(({ status, drop }) => status !== undefined || drop);
      const effective = fitting.filter((fault) => fault === first || (fault.status === undefined && !fault.drop));
      for (const fault of effective) use(fault);
      return effectOf(effective, first);
    },
  };
}

function effectOf(effective: readonly Fault[], first: Fault | undefined): FaultEffect {
  const lie = effective.find((fault) => fault.lie !== undefined)?.lie;
  return {
    delayMs: effective.reduce((sum, { delayMs }) => sum + delayMs, 0),
    drop: first?.drop ?? false,
    echo: first?.echo ?? false,
    bareLinks: effective.some(({ bareLinks }) => bareLinks),
    ...(first?.status !== undefined && { status: first.status }),
    ...(first?.retryAfter !== undefined && { retryAfter: first.retryAfter }),
    ...(lie !== undefined && { lie }),
  };
}

const affects = ({ by }: Fault, byBot: boolean): boolean => by === "anyone" || byBot;

function matchesCall(fault: Fault, call: FaultTarget): boolean {
  if (fault.frame !== undefined || !affects(fault, call.byBot)) return false;
  if (fault.api !== undefined && fault.api !== call.api) return false;
  if (fault.method !== undefined && fault.method !== call.method) return false;
  if (fault.lie !== undefined && !canLie(fault, call)) return false;
  return fault.path === undefined || matchesPath(fault.path, call, fault.exact);
}

/** The list of members lies only where the fault names it. */
function canLie({ path }: Fault, { route }: FaultTarget): boolean {
  return route === "GET /wholesale/customers" || (route === "GET /memberships" && path !== undefined);
}

/** The prefixes `/v1` and `/wholesale` are optional: `/customers` means `/wholesale/customers`. */
function matchesPath(wanted: string, { path, route }: FaultTarget, exact: boolean): boolean {
  const short = (text: string) => text.replace(/^\/v1(?=\/)/, "").replace(/^\/wholesale(?=\/|$)/, "") || "/";
  const pattern = short(wanted.replace(/(?<=.)[/*]+$/, ""));
  const asked = short(path);
  const asRoute = short(route.split(" ")[1] ?? "");
  return pattern === "/" || asked === pattern || asRoute === pattern || (!exact && asked.startsWith(`${pattern}/`));
}
