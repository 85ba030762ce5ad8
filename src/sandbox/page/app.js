import { createWebex, sandbox } from "./api.js";
import { startBot } from "./bot.js";
import { readHostConfigs } from "./card.js";
import { startClock } from "./clock.js";
import { startComposer } from "./composer.js";
import { startConversation } from "./conversation.js";
import { startCustomers } from "./customers.js";
import { attempt, whenQuiet } from "./dom.js";
import { startFaults } from "./faults.js";
import { listen } from "./live.js";
import { createMembersDialog } from "./members.js";
import { startMessages } from "./messages.js";
import { startPanes } from "./panes.js";
import { startPeople } from "./people.js";
import { followRoom, readRooms, startRooms } from "./rooms.js";
import { startSettings } from "./settings.js";
import { createState, EMPTY } from "./state.js";
import { startTime } from "./time.js";
import { startWatch } from "./watch.js";
import { startWires } from "./wires.js";
import { startWorld } from "./world.js";

const QUIET_MS = 40;

const state = createState(EMPTY);
const webex = () => createWebex(state.get().me.token);

startSettings(state);
const showPane = startPanes();
startPeople(state);
const members = createMembersDialog({ state, webex });
startRooms({ state, webex, openMembers: members.createSpace, showPane });
const say = startComposer({ state, webex });
const messages = startMessages({ state, webex });
startConversation({
  state,
  webex,
  say,
  openMembers: members.changeMembers,
  readEarlier: messages.readEarlier,
});
startWatch({ state, webex, readEarlier: messages.readEarlier });
startBot(state);
startTime(state);
startClock(state);
startWorld({ state, pick: startCustomers({ state }) });
startFaults(state);
const wires = startWires();

const roomsChanged = whenQuiet(() => attempt(() => readRooms(state, webex)), QUIET_MS);
const membersChanged = whenQuiet(messages.readMembers, QUIET_MS);

await attempt(async () => {
  await readHostConfigs();
  state.set({ people: await sandbox.people(), scenarios: await sandbox.scenarios() });
  await wires.readPast();
});

listen(
  {
    message: messages.take,
    room(change) {
      followRoom(state, change);
      roomsChanged();
    },
    membership() {
      roomsChanged();
      membersChanged();
    },
    call: wires.call,
    webhook: wires.webhook,
    world: (world) => state.set({ world }),
    bot: (bot) => state.set({ bot }),
    clock: (clock) => state.set({ clock: { ...clock, received: Date.now() } }),
    seeing: (seeing) => state.set({ seeing }),
  },
  () => {
    roomsChanged();
    membersChanged();
    messages.read();
  },
);
