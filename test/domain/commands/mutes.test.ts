import { describeCommands } from "./specification.ts";

const X = 'because="x"';

describeCommands("muting what matches", [
  ['mute package=calling for=2h because="maintenance"', 'mute package=webex_calling for=2h because="maintenance"'],
  [`mute code 2560 for=2h ${X}`, `mute code=2560 for=2h ${X}`],
  [`mute acme Berlin for=2h ${X}`, `mute acme Berlin for=2h ${X}`],
  [`silence package=calling for=2h ${X}`, `mute package=webex_calling for=2h ${X}`],
  [`snooze acme for=2h ${X}`, `mute acme for=2h ${X}`],
  [`mute all for=2h ${X}`, `mute all for=2h ${X}`],
  [`mute everything for=2h ${X}`, `mute all for=2h ${X}`],
  [`mute all errors for=2h ${X}`, `mute all for=2h ${X}`],
  [`mute everything except country=DE for=2h ${X}`, `mute country!=DE for=2h ${X}`],
  [`mute acme page=2 max=5 for=2h ${X}`, `mute acme for=2h ${X}`],
  [`mute "all" for=2h ${X}`, `mute "all" for=2h ${X}`],
]);

describeCommands("muting one alert", [
  [`mute alert=1042 for=2h ${X}`, `mute alert=1042 for=2h ${X}`],
  [`mute 1042 for=2h ${X}`, `mute alert=1042 for=2h ${X}`],
  [`mute #1042 for=2h ${X}`, `mute alert=1042 for=2h ${X}`],
  [`mute alert 1042 for=2h ${X}`, `mute alert=1042 for=2h ${X}`],
  [`snooze 1042 for=2h ${X}`, `mute alert=1042 for=2h ${X}`],
  [`mute "1042" for=2h ${X}`, `mute "1042" for=2h ${X}`],
  [`mute code=1042 for=2h ${X}`, `mute code=1042 for=2h ${X}`],
  [`mute 1042 Berlin for=2h ${X}`, `mute "1042" Berlin for=2h ${X}`],
]);

describeCommands("muting the alert of the thread", [
  ["mute 2h", "mute for=2h"],
  ["mute this alert for 30 minutes", "mute for=30m"],
  ["mute it 2 hours because carrier work", 'mute for=2h because="carrier work"'],
  ["snooze for 1 day", "mute for=1d"],
  [`mute for=2h ${X}`, `mute for=2h ${X}`],
]);

describeCommands("for how long", [
  [`mute acme for=120m ${X}`, `mute acme for=2h ${X}`],
  [`mute acme for=2 hours ${X}`, `mute acme for=2h ${X}`],
  [`mute acme for="2 hours" ${X}`, `mute acme for=2h ${X}`],
  [`mute acme for: 2h ${X}`, `mute acme for=2h ${X}`],
  [`mute acme for=7d ${X}`, `mute acme for=1w ${X}`],
  [`mute acme for 2 hours ${X}`, `mute acme for=2h ${X}`],
  [`mute acme for an hour ${X}`, `mute acme for=1h ${X}`],
  [`mute acme for the next 30 minutes ${X}`, `mute acme for=30m ${X}`],
  [`mute for 2h acme ${X}`, `mute acme for=2h ${X}`],
  [`mute acme 2h ${X}`, `mute acme for=2h ${X}`],
  [`mute 3M for=2h ${X}`, `mute 3M for=2h ${X}`],
  [`mute acme for 7 days ${X}`, `mute acme for=1w ${X}`],
  ["mute acme because they moved for 2 hours", 'mute acme for=2h because="they moved"'],
]);

describeCommands("and why", [
  [
    "mute package=calling for 2 hours because maintenance on the carrier side",
    'mute package=webex_calling for=2h because="maintenance on the carrier side"',
  ],
  ["mute acme for=2h because=Maintenance, until 9", 'mute acme for=2h because="Maintenance, until 9"'],
  ["mute acme for=2h because of “planned” work", 'mute acme for=2h because="\\"planned\\" work"'],
  ["mute acme for=2h because carrier: down", 'mute acme for=2h because="carrier: down"'],
  ["mute acme for=2h because “x”.", `mute acme for=2h ${X}`],
  ['mute because="x" for=2h acme', `mute acme for=2h ${X}`],
  ["mute because=x for=2h country=DE", `mute country=DE for=2h ${X}`],
  ['mute acme for=2h reason="x"', `mute acme for=2h ${X}`],
  ['mute acme for=2h because=He said "wait" again', 'mute acme for=2h because="He said \\"wait\\" again"'],
  ["MUTE ALL FOR 2H BECAUSE Carrier", 'mute all for=2h because="Carrier"'],
]);

describeCommands("mutes and their ends", [
  ["mutes", "mutes"],
  ["show mutes", "mutes"],
  ["list all mutes", "mutes"],
  ["silences", "mutes"],
  ["unmute 3", "unmute 3"],
  ["unmute", "unmute"],
  ["unsilence #3", "unmute 3"],
  ["stop muting 3", "unmute 3"],
]);
