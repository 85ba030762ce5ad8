import type { AuditRow } from "../../src/domain/audit.ts";
import type { AuditView } from "../../src/domain/views/views.ts";
import { READ_AT } from "./card-fixtures.ts";

const MINUTE = 60_000;

function rowOf(id: number, parts: Partial<AuditRow> = {}): AuditRow {
  return {
    id,
    at: READ_AT - (20 - id) * MINUTE,
    who: { is: "person", personId: "ada", name: "Ada Lovelace" },
    role: "operator",
    roomId: "war",
    space: "War room",
    scope: "",
    command: "watch",
    text: "watch package=webex_calling country=DE",
    isPress: false,
    outcome: "done",
    because: "",
    ...parts,
  };
}

const asked = { outcome: "answered", role: "viewer", command: "customer", text: "customer acme-1" } as const;
const hostile = "<b>@all</b> [click](https://x.example) *Eve* with_a_very_long_name_that_no_phone_can_show_in_one_line";

/** A row of each kind that people have to tell apart. */
const ROWS: readonly AuditRow[] = [
  rowOf(19, { isPress: true }),
  rowOf(18, { at: READ_AT - MINUTE, ...asked }),
  rowOf(17, { who: { is: "forgotten" }, ...asked, space: "1:1" }),
  rowOf(16, {
    role: "stranger",
    who: { is: "person", personId: "eve", name: hostile },
    space: hostile,
    text: "customers",
    outcome: "refused",
    because: "stranger",
  }),
  rowOf(15, { role: "viewer", text: "drill", command: "drill", outcome: "refused", because: "role" }),
  rowOf(14, { text: 'mute "..." for=2h because="..."', command: "mute" }),
  rowOf(13, { text: "", command: "", outcome: "misunderstood" }),
  rowOf(12, {
    text: "",
    command: "",
    role: "unknown",
    space: "",
    outcome: "unanswered",
    because: "the database did not work",
  }),
  rowOf(11, { outcome: "failed", because: "the Wholesale API", text: "customers status=error", command: "customers" }),
  rowOf(10, {
    who: { is: "the bot" },
    role: "bot",
    roomId: "",
    space: "",
    command: "start",
    text: "version 0.1.0; file database; may ask: people of the bot’s organisation; 2 operators, 1 admin; lists 3f9a1c2e; reads all customers every 5m, those in error every 30s; 120 calls and 30 questions a minute; tokens not encrypted; no space for reports",
    outcome: "started",
  }),
];

export const auditView: AuditView = {
  kind: "audit",
  filter: "",
  rows: ROWS,
  page: 2,
  pages: 121,
  total: 1_204,
  notes: [],
  now: READ_AT,
  buttons: [
    { title: "‹ Prev", command: "audit upto=1204" },
    { title: "Next ›", command: "audit page=3 upto=1204" },
    { title: "Refusals", command: "audit outcome=refused" },
    { title: "Export CSV", command: "export audit" },
    { title: "Refresh", command: "audit" },
  ],
};

export const AUDIT_BOUND = {
  subpartner: "Acme Reseller",
  filter: "since=2d command=wacth",
  notes: ["“wacth” is no command; “help” lists them."],
} as const;
