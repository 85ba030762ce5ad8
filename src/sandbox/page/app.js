import { createWebex, sandbox } from "./api.js";
import { readHostConfigs } from "./card.js";
import { startComposer } from "./composer.js";
import { startConversation, takeMessage } from "./conversation.js";
import { startCustomers } from "./customers.js";
import { attempt } from "./dom.js";
import { startFaults } from "./faults.js";
import { listen } from "./live.js";
import { createMembersDialog } from "./members.js";
import { startPanes } from "./panes.js";
import { startPeople } from "./people.js";
import { readRooms, startRooms } from "./rooms.js";
import { startSettings } from "./settings.js";
import { createState, EMPTY } from "./state.js";
import { startWires } from "./wires.js";
import { startWorld } from "./world.js";

const state = createState(EMPTY);
const webex = () => createWebex(state.get().me.token);

startSettings(state);
const showPane = startPanes();
startPeople(state);
const members = createMembersDialog({ state, webex });
startRooms({ state, webex, openMembers: members.createSpace, showPane });
const say = startComposer({ state, webex });
const readAgain = startConversation({ state, webex, say, openMembers: members.changeMembers });
const pick = startCustomers({ state });
startWorld({ state, pick });
startFaults(state);
const wires = startWires();

const rereadRooms = () => attempt(() => readRooms(state, webex));
const readWorld = () => attempt(async () => state.set({ world: await sandbox.world() }));

listen(
  {
    message(change) {
      const known = state.get().rooms.some(({ id }) => id === change.message.roomId);
      if (!known) rereadRooms();
      takeMessage(state, change);
    },
    room: rereadRooms,
    membership() {
      rereadRooms();
      readAgain();
    },
    call: wires.call,
    webhook: wires.webhook,
    world: (world) => state.set({ world }),
    bot: ({ state: bot }) => state.set({ bot }),
  },
  () => {
    rereadRooms();
    readAgain();
    readWorld();
  },
);

await attempt(async () => {
  await readHostConfigs();
  state.set({ people: await sandbox.people() });
  state.set({ scenarios: await sandbox.scenarios() });
  await readWorld();
});
