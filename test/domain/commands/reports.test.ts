import { describeCommands, ERRORS, ID } from "./specification.ts";

describeCommands("following one customer", [
  ["follow", "follow"],
  ["follow 3", "follow 3"],
  ["follow acme-42", "follow acme-42"],
  ["follow Bank of America", 'follow "Bank of America"'],
  ["follow id=abc", "follow abc"],
  [`follow customer="${ID}"`, `follow customer=${ID}`],
]);

describeCommands("subscribers", [
  ["subscribers", "subscribers"],
  ["subscribers 3", "subscribers 3"],
  ["subscribers of acme-42", "subscribers acme-42"],
  ["Show me the subscribers of Bank of America", 'subscribers "Bank of America"'],
  ["subscriber ada@example.com", "subscribers email=ada@example.com"],
  ["subscribers email=ada@example.com page=2", "subscribers email=ada@example.com page=2"],
  ["subscribers [ada@example.com](mailto:ada@example.com)", "subscribers email=ada@example.com"],
  [`subscribers customer="${ID}" page=2`, `subscribers customer=${ID} page=2`],
]);

describeCommands("digests", [
  ["digest", "digest"],
  ["show me the digest", "digest"],
  ["digest daily 09:00 Europe/Berlin", "digest daily 09:00 Europe/Berlin"],
  ["Digest daily 9:00 europe/berlin.", "digest daily 09:00 Europe/Berlin"],
  ["digest 9:00", "digest daily 09:00"],
  ["digest 9:00 utc", "digest daily 09:00 UTC"],
  ["digest 9", "digest daily 09:00"],
  ["digest 0930", "digest daily 09:30"],
  ["digest 9am", "digest daily 09:00"],
  ["digest 9 PM", "digest daily 21:00"],
  ["digest 9:30 p.m.", "digest daily 21:30"],
  ["digest 12am", "digest daily 00:00"],
  ["digest 12pm", "digest daily 12:00"],
  ["digest every morning at 7.30, please", "digest daily 07:30"],
  ["digest: every day at 21:15 in america/new york", "digest daily 21:15 America/New_York"],
  ['digest daily time="09:00" zone="Europe/Berlin"', "digest daily 09:00 Europe/Berlin"],
  ["digest 9:00 Etc/GMT+5", "digest daily 09:00 Etc/GMT+5"],
  ["digest off", "digest off"],
  ["Digest off, thanks.", "digest off"],
  ["stop the digest", "digest off"],
]);

describeCommands("handovers", [
  ["handover", "handover"],
  ["handover since=8h", "handover since=8h"],
  ["handover since=720m", "handover"],
  ["handover 8h", "handover since=8h"],
  ["handover of the last 8 hours, please", "handover since=8h"],
  ["handover report", "handover"],
  ["hand over", "handover"],
  ["hand-off since=1d", "handover since=1d"],
]);

describeCommands("checks", [
  ["verify", "verify"],
  ["Verify this space, please.", "verify"],
  ["outbox", "outbox"],
  ["Show me the outbox, please.", "outbox"],
  ["outbox now", "outbox now"],
  ["drill", "drill"],
  ["Drill!", "drill"],
  ["start a drill", "drill"],
  ["please run a drill now", "drill"],
]);

describeCommands("the audit", [
  ["audit", "audit"],
  ["Show me the audit log, please.", "audit"],
  ["audit since=2d who=ada command=watch", "audit since=2d who=ada command=watch"],
  ["audit who=“Ada Lovelace”,bob* page=2", 'audit who="Ada Lovelace",bob* page=2'],
  ["audit who!=ada@home.example", "audit who!=ada@home.example"],
  ["audit by: ada", "audit who=ada"],
  ["audit command=Ack,un*", "audit command=ack,un*"],
  ["audit refused today", "audit since=1d outcome=refused"],
  ["audit since=2026-11-01", "audit since=2026-11-01"],
  ["audit page=2 upto=1204", "audit page=2 upto=1204"],
  ["audit upto=abc", "audit"],
  ["audit who=", "audit"],
  ["export audit", "export audit"],
  ["export the audit since=30d", "export audit since=30d"],
  ["audit csv who=ada", "export audit who=ada"],
  ["audit outcome=refsued", "not understood: “refsued” is not an outcome."],
  ["audit since=soon", "not understood: “soon” is not a span of time."],
  ["audit status=error", "not understood: An audit has no field “status”."],
  [`audit who=${"a,".repeat(51)}`, "not understood: More than 50 values are too many for one audit."],
  ["Audit Partners", 'customers "Audit" Partners'],
  ["export Audit Partners", 'export "Audit" Partners'],
]);

describeCommands("forgetting a person", [
  ["forget", "forget"],
  ["please forget Ada@Example.com", "forget person=Ada@Example.com"],
  ["forget <mailto:ada@example.com|ada@example.com>", "forget person=ada@example.com"],
  ["forget Ada Lovelace", 'forget person="Ada Lovelace"'],
  [`forget ${ID} confirm=yes`, `forget person=${ID} confirm=yes`],
  ["forget ada@example.com confirm=no", "forget person=ada@example.com"],
]);

describeCommands("names that begin with a command word, or look like one, are searched for", [
  ["Watches of Switzerland", 'customers "Watches" "Switzerland"'],
  ["Silence Therapeutics", 'customers "Silence" Therapeutics'],
  ["Take Two Interactive", 'customers "Take" Two Interactive'],
  ["Alert Logic", 'customers "Alert" Logic'],
  ["Drill Masters", 'customers "Drill" Masters'],
  ["Outbox Systems", 'customers "Outbox" Systems'],
  ["Digest Media", 'customers "Digest" Media'],
  ["Handover Ltd", 'customers "Handover" Ltd'],
  ["verify acme", 'customers "verify" acme'],
  ["Match Group", "customers Match Group"],
  ["Temu", "customers Temu"],
  ["Jack Wolfskin", "customers Jack Wolfskin"],
  ["Hanover", "customers Hanover"],
  ["Verity", "customers Verity"],
  ["Albert Heijn", "customers Albert Heijn"],
  ["list errors", ERRORS],
]);
