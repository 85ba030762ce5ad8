import { z } from "zod";
import type { Clock } from "../../domain/ports/runtime.ts";

export const StatusEventSchema = z.strictObject({
  kind: z.enum(["incident", "maintenance"]),
  name: z.string().min(1),
  component: z.string().min(1).default("Webex Calling"),
  status: z.string().optional(),
  /** From now on. */
  minutes: z.number().min(0).max(10_080).default(120),
});

export type NewStatusEvent = z.input<typeof StatusEventSchema>;

interface StatusEvent {
  readonly id: string;
  readonly kind: "incident" | "maintenance";
  readonly name: string;
  readonly component: string;
  readonly status: string;
  readonly startAt: number;
  readonly endAt: number;
}

/** Webex Status of the sandbox: incidents last until they are cleared, maintenances until their end. */
export function createStatusPage({ clock, onChange }: { readonly clock: Clock; readonly onChange: () => void }) {
  let events: readonly StatusEvent[] = [];
  let count = 0;
  return {
    list: () => events,
    add(order: NewStatusEvent): StatusEvent {
      const { kind, name, component, minutes, status: given } = StatusEventSchema.parse(order);
      count += 1;
      const startAt = clock();
      const status = given ?? (kind === "incident" ? "investigating" : "in_progress");
      const event = { id: String(count), kind, name, component, status, startAt, endAt: startAt + minutes * 60_000 };
      events = [...events, event];
      onChange();
      return event;
    },
    clear() {
      events = [];
      onChange();
    },
    /** In the form of `index.json` of status.webex.com. */
    document() {
      const now = clock();
      const on = events.filter(({ kind, endAt }) => kind === "incident" || endAt > now);
      return {
        status: { indicator: on.length === 0 ? "green" : "yellow" },
        components: [...new Set(on.map(({ component }) => component))].map((name) => ({
          name,
          status: on.some((one) => one.component === name && one.kind === "incident")
            ? "degraded_performance"
            : "under_maintenance",
        })),
        incidents: on.filter(({ kind }) => kind === "incident").map(wireEvent),
        scheduled_maintenances: on.filter(({ kind }) => kind === "maintenance").map(wireEvent),
      };
    },
  };
}

function wireEvent({ id, kind, name, component, status, startAt, endAt }: StatusEvent) {
  const time = (at: number) => new Date(at).toISOString();
  return {
    id,
    name,
    status,
    impact: kind === "incident" ? "minor" : "maintenance",
    incidentType: kind === "incident" ? "INCIDENT" : "MAINTENANCE",
    commercial: true,
    fedRAMP: false,
    components: [{ name: component, status: kind === "incident" ? "degraded_performance" : "under_maintenance" }],
    incident_updates: [],
    created_at: time(startAt),
    start_at: time(startAt),
    // The real page writes the beginning here while an incident lasts.
    end_at: time(kind === "incident" ? startAt : endAt),
    resolved_at: null,
  };
}
