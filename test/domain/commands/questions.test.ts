import { describeCommands, ERRORS, ID } from "./specification.ts";

describeCommands("counts", [
  ["summary", "summary"],
  ["overview", "summary"],
  ["show summary", "summary"],
  ["summary status=error", "summary status=error"],
  ["summary of errors", `summary ${ERRORS.replace("customers ", "")}`],
  ["summary by status", "summary"],
  ["summary country=DE by package", "summary country=DE"],
  ["summary page=2 acme", "summary acme"],
  ["trend", "trend"],
  ["the trend of the last 30 days, please", "trend"],
  ["show me the trend", "trend"],
]);

describeCommands("what changed", [
  ["changes", "changes"],
  ["changes since=2h", "changes since=2h"],
  ["changes since=120m", "changes since=2h"],
  ["changes since=24h", "changes"],
  ["changes since=2 hours", "changes since=2h"],
  ["changes 2h", "changes since=2h"],
  ["changes 90 s", "changes since=90s"],
  ["changes in the last 3 hours", "changes since=3h"],
  ["changes since 2 days ago", "changes since=2d"],
  ["changes this week", "changes since=1w"],
  ["what changed today?", "changes"],
  ["what has changed since yesterday", "changes since=2d"],
  ["customers since=today", "customers since=1d"],
  ["since=7d", "customers since=1w"],
  ['since="2 hours"', "customers since=2h"],
  ["status=error since!=30m", "customers status=error since!=30m"],
  ["since=1h,120m", "customers since=1h,2h"],
  ["since=2026-11-20 status=error", "customers since=2026-11-20 status=error"],
  ["since=2026-11-20t15:00z", 'customers since="2026-11-20T15:00Z"'],
]);

describeCommands("the history of one", [
  ["history", "history"],
  ["history 5", "history 5"],
  ["history of row 5", "history 5"],
  ["history acme-42", "history acme-42"],
  ["history of Bank of America", 'history "Bank of America"'],
  ["history id=abc", "history abc"],
  [`history customer="${ID}"`, `history customer=${ID}`],
]);

describeCommands("files", [
  ["export", "export"],
  ["export errors", `export ${ERRORS.replace("customers ", "")}`],
  ["export status=error sort=-changed page=3", "export status=error sort=-changed"],
  ["export package=calling", "export package=webex_calling"],
  ["download all customers", "export"],
]);

describeCommands("sub-partners", [
  ["subpartners", "subpartners"],
  ["list subpartners please", "subpartners"],
  ["show me the subpartners", "subpartners"],
  ["use subpartner=Acme", 'use subpartner="Acme"'],
  ["use Acme East", 'use subpartner="Acme East"'],
  ["use sub-partner Acme East", 'use subpartner="Acme East"'],
  ["use subpartner=Acme East", 'use subpartner="Acme East"'],
  ["use Smith, Jones", 'use subpartner="Smith Jones"'],
  ['use "Smith, Jones"', 'use subpartner="Smith, Jones"'],
  [`use subpartner=${ID}`, `use subpartner=${ID}`],
  ["use all", "use subpartner=all"],
  ["use subpartner=ALL", "use subpartner=all"],
  ['use "all"', "use subpartner=all"],
]);
