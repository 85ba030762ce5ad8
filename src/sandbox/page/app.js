import { startAlertRoom } from "./alert-room.js";
import { createWebexClient, sandbox } from "./api.js";
import { startBehaviour } from "./behaviour.js";
import { startBotActivity } from "./bot-activity.js";
import { startBotPanel } from "./bot-panel.js";
import { readHostConfigs } from "./card.js";
import { startComposer } from "./composer.js";
import { startConversation } from "./conversation.js";
import { startCustomers } from "./customers.js";
import { attempt, debounce } from "./dom.js";
import { subscribeToEvents } from "./event-stream.js";
import { startFaults } from "./faults.js";
import { startLevers } from "./levers.js";
import { createMembersDialog } from "./members.js";
import { startMessages } from "./messages.js";
import { startPanes } from "./panes.js";
import { startPeople } from "./people.js";
import { applyRoomEvent, readRooms, startRooms } from "./rooms.js";
import { startSettings } from "./settings.js";
import { createState, INITIAL_STATE } from "./state.js";
import { startTour } from "./tour.js";
import { startTraffic } from "./traffic.js";
import { startWorld } from "./world.js";
import { startWorldClock } from "./world-clock.js";

const DEBOUNCE_MS = 40;

const state = createState(INITIAL_STATE);
const webex = () => createWebexClient(state.get().me.token);

startSettings(state);
const showPane = startPanes();
startPeople(state);
const members = createMembersDialog({ state, webex });
startRooms({ state, webex, openMembers: members.createSpace, showPane });
const send = startComposer({ state, webex });
const messages = startMessages({ state, webex });
startConversation({
  state,
  webex,
  send,
  openMembers: members.changeMembers,
  readEarlier: messages.readEarlier,
});
startAlertRoom({ state, webex, readEarlier: messages.readEarlier });
startTour({ state, send });
startLevers(state);
startBotPanel(state);
startWorldClock(state);
startBotActivity(state);
startWorld({ state, pick: startCustomers({ state }) });
startFaults(state);
startBehaviour(state);
const traffic = startTraffic();

const roomsChanged = debounce(() => attempt(() => readRooms(state, webex)), DEBOUNCE_MS);
const membersChanged = debounce(messages.readMembers, DEBOUNCE_MS);

await attempt(async () => {
  await readHostConfigs();
  state.set({
    people: await sandbox.people(),
    scenarios: await sandbox.scenarios(),
    sampleErrors: await sandbox.sampleErrors(),
  });
  await traffic.readPast();
});

subscribeToEvents(
  {
    message: messages.applyEvent,
    room(change) {
      applyRoomEvent(state, change);
      roomsChanged();
    },
    membership() {
      roomsChanged();
      membersChanged();
    },
    call: traffic.call,
    webhook: traffic.webhook,
    world: (world) => state.set({ world }),
    bot: (bot) => state.set({ bot }),
    clock: (clock) => state.set({ clock: { ...clock, received: Date.now() } }),
    seeing: (botActivity) => state.set({ botActivity }),
  },
  () => {
    roomsChanged();
    membersChanged();
    messages.read();
  },
);
