import type { AuditEntry } from "../../src/domain/audit.ts";

/** Ada, an operator, asked in the war room what is watched there. */
export function auditEntry(parts: Partial<AuditEntry> = {}): AuditEntry {
  return {
    eventId: 1,
    person: { personId: "ada", name: "Ada", email: "ada@home.example" },
    role: "operator",
    roomId: "war",
    space: "War room",
    scope: "",
    command: "watches",
    text: "watches",
    isPress: false,
    outcome: "answered",
    because: "",
    ...parts,
  };
}
