import { describeCommands, ERRORS, ID } from "./specification.ts";

describeCommands("following one customer", [
  ["follow", "follow"],
  ["follow 3", "follow 3"],
  ["follow acme-42", "follow acme-42"],
  ["follow Bank of America", 'follow "Bank of America"'],
  ["follow id=abc", "follow abc"],
  [`follow customer="${ID}"`, `follow customer=${ID}`],
]);

describeCommands("digests", [
  ["digest", "digest"],
  ["show me the digest", "digest"],
  ["digest daily 09:00 Europe/Berlin", "digest daily 09:00 Europe/Berlin"],
  ["Digest daily 9:00 europe/berlin.", "digest daily 09:00 Europe/Berlin"],
  ["digest 9:00", "digest daily 09:00"],
  ["digest 9:00 utc", "digest daily 09:00"],
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

describeCommands("names that begin with a command word, or look like one, are searched for", [
  ["Watches of Switzerland", 'customers "Watches" Switzerland'],
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
