import { expect, test } from "vitest";
import type { AuditRow } from "../../../src/domain/audit.ts";
import { parse } from "../../../src/domain/commands/parse.ts";
import type { AuditQuery } from "../../../src/domain/ports/audit.ts";
import { respond } from "../../../src/domain/replies/registry.ts";
import type { ReplyContext } from "../../../src/domain/replies/reply.ts";
import { inUtc } from "../../support/in-utc.ts";
import { NOW, replyContext } from "./reply-context.ts";

const rowOf = (id: number): AuditRow => ({
  id,
  at: NOW,
  who: { is: "person", personId: "ada", name: "Ada" },
  role: "viewer",
  roomId: "r1",
  space: "War room",
  scope: "",
  command: "help",
  text: "help",
  isPress: false,
  outcome: "answered",
  because: "",
});

/** The answer of an audit of so many rows, numbered from 101 on, and what the store was asked. */
async function answered(text: string, total = 25, scope = "") {
  const asked: AuditQuery[] = [];
  const rows = Array.from({ length: total }, (_, i) => rowOf(100 + total - i));
  const matching = ({ upTo }: AuditQuery) => rows.filter(({ id }) => id <= (upTo ?? id));
  const audit: ReplyContext["audit"] = {
    peopleNamed: async () => [],
    async find({ offset, max, ...query }) {
      asked.push(query);
      const found = matching(query);
      return { rows: found.slice(offset, offset + max), total: found.length };
    },
    async *stream(query) {
      yield* matching(query);
    },
  };
  const parsed = parse(text, { distance: () => 99 });
  if (!parsed.ok) throw new Error(parsed.problem);
  const auditCsv: ReplyContext["auditCsv"] = async function* (all) {
    for await (const { id } of all) yield Buffer.from(`${id} `);
  };
  const subpartners = async () => ({ list: [], readAt: NOW });
  const { view, file } = await respond(parsed.command, {
    ...replyContext({}),
    audit,
    auditCsv,
    scope,
    role: "admin",
    subpartners,
  });
  return { view, file, asked, buttons: view.buttons.map(({ title, command }) => `${title}: ${command}`) };
}

test("ten rows a page; the pages stay as they are while rows are added", async () => {
  const first = await answered("audit");
  expect(first.view).toMatchObject({ kind: "audit", page: 1, pages: 3, total: 25 });
  expect(first.buttons).toEqual([
    "Next ›: audit page=2 upto=125",
    "Refusals: audit outcome=refused",
    "Export CSV: export audit",
    "Refresh: audit",
  ]);
  const second = await answered("audit page=2 upto=125", 30);
  expect(second.view).toMatchObject({ page: 2, pages: 3, rows: [{ id: 115 }, ...Array(9).fill({})] });
  expect(second.buttons.slice(0, 2)).toEqual(["‹ Prev: audit upto=125", "Next ›: audit page=3 upto=125"]);
});

test("a page beyond the end is the last one, and an audit without a row has no file", async () => {
  expect((await answered("audit page=9")).view).toMatchObject({ page: 3, rows: Array(5).fill({}) });
  const none = await answered("audit who=eve", 0);
  expect(none.buttons).toEqual(["Refresh: audit who=eve"]);
  expect((await answered("export audit", 0)).view).toMatchObject({ title: "No row matches, so there is no file" });
});

test("the filter reaches the store: time as an instant, commands by their own name", async () => {
  const { asked, view } = await answered("audit since=2h who=ada command=acknowledge,start,wacth");
  const texts = asked[0]?.terms.map(({ values }) => values.map(({ text }) => text));
  expect(texts).toEqual([["ada"], ["ack", "start", "wacth"]]);
  expect(asked[0]?.since).toBe(NOW - 2 * 3_600_000);
  expect(view).toMatchObject({ notes: ["“wacth” is no command; “help” lists them."] });
});

test("a space that is bound to a sub-partner sees the rows of that one alone", async () => {
  expect((await answered("audit", 25, "north")).asked[0]).toMatchObject({ scope: "north" });
  expect((await answered("audit")).asked[0]?.scope).toBeUndefined();
});

test("export audit sends the rows of its moment as a file", async () => {
  const { view, file } = await answered("export audit since=2d");
  expect(inUtc(view)).toMatchObject({ title: "Audit: 25 rows, as of 15:00 UTC" });
  expect(file?.file.name).toBe("audit-2026-11-23.csv");
  let content = "";
  for await (const piece of file?.file.content() ?? []) content += Buffer.from(piece).toString();
  expect(content.trim().split(" ")).toHaveLength(25);
});
