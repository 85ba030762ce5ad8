import { h } from "./dom.js";

/** One of several switches in a list: a title, a note below it, and if it is on. */
export const switchNode = ({ title, note, isOn, onclick }) =>
  h(
    "li",
    {},
    h(
      "button.choice.switch",
      { type: "button", role: "switch", "data-key": title, "aria-checked": String(isOn), onclick },
      h("strong", {}, title),
      h("span", {}, note),
    ),
  );
