import { sandbox } from "./api.js";
import { attempt, elementById, h, redraw } from "./dom.js";
import { switchNode } from "./switch.js";

/** Each turns one behaviour between its usual value, which comes first, and the other one. */
const SWITCHES = [
  {
    title: "Webex refuses edits of cards",
    note: "400, as the reference says; in practice it takes them",
    name: "cardEdits",
    values: ["accepted", "refused"],
  },
  {
    title: "Lists have no links",
    note: "No Link header to next pages of the Wholesale API",
    name: "nextLinks",
    values: [true, false],
  },
  {
    title: "Organisations are forbidden",
    note: "403, so nobody knows the names of customers",
    name: "organizations",
    values: [true, false],
  },
  {
    title: "Socket texts are plain",
    note: "For clients that would need a service of keys",
    name: "activityTexts",
    values: ["encrypted", "plain"],
  },
];

const STATUSES = {
  any: "each of them, repeated",
  comma: "each of them, by comma too",
  reject: "none: 400",
  ignore: "none: all customers",
  last: "the last one",
};

/** Draws the switches for the behaviour that the sources about the APIs leave open. */
export function startBehaviour(state) {
  state.on(["world"], ({ world }) => draw(world.behaviour));
}

function draw(behaviour) {
  redraw(
    elementById("behaviour"),
    h(
      "ul.choices",
      {},
      SWITCHES.map((one) => behaviourNode(one, behaviour)),
    ),
    statusesNode(behaviour),
  );
}

const change = (name, value) => attempt(() => sandbox.changeBehaviour({ [name]: value }));

function behaviourNode({ title, note, name, values: [usual, other] }, behaviour) {
  const isOn = behaviour[name] === other;
  return switchNode({ title, note, isOn, onclick: () => change(name, isOn ? usual : other) });
}

function statusesNode({ multipleStatuses }) {
  const options = Object.entries(STATUSES).map(([value, text]) =>
    h("option", { value, selected: value === multipleStatuses }, text),
  );
  const onchange = ({ target }) => change("multipleStatuses", target.value);
  return h(
    "label.behaviour-statuses",
    {},
    "Of several statuses count",
    h("select", { "data-key": "multipleStatuses", onchange }, ...options),
  );
}
