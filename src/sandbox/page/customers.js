import { sandbox } from "./api.js";
import { attempt, element, h, redraw, whenQuiet } from "./dom.js";
import { leversNode } from "./levers.js";
import { statusNode } from "./world.js";

const SHOWN = 6;
const QUIET_MS = 150;

/** Finding a customer of the world, to break it and to heal it. Returns what shows the customers of one status. */
export function startCustomers({ state }) {
  const query = h("input", {
    type: "search",
    placeholder: "Name, id, city, package…",
    "aria-label": "Find a customer",
    autocomplete: "off",
  });
  const list = h("ul.found", { "aria-label": "Customers found" });
  const total = h("p.note", { role: "status" });
  const asked = { status: "", open: undefined, typed: {} };
  const draw = () => attempt(() => find({ asked, query, list, total, draw }));
  const drawSoon = whenQuiet(draw, QUIET_MS);

  query.addEventListener("input", () => {
    asked.status = "";
    drawSoon();
  });
  state.on(["world"], () => {
    if (!isTyping(list)) drawSoon();
  });
  element("customers").append(query, total, list);
  return (status) => {
    query.value = "";
    asked.status = asked.status === status ? "" : status;
    draw();
  };
}

/** A form is not pulled away from under somebody's fingers. */
const isTyping = (list) => list.contains(document.activeElement) && document.activeElement.matches("input, textarea");

async function find({ asked, query, list, total, draw }) {
  const { status } = asked;
  const { items, total: all } = await sandbox.customers({
    max: String(SHOWN),
    ...(query.value && { q: query.value }),
    ...(status && { status }),
  });
  const which = status && ` are ${status.replaceAll("_", " ")}`;
  total.textContent = all > items.length ? `${items.length} of ${all.toLocaleString()}${which}` : "";
  const rows = items.map((customer) => rowOf(customer, { asked, draw }));
  redraw(list, rows.length > 0 ? rows : h("li.note", {}, "No such customer."));
}

function rowOf(customer, { asked, draw }) {
  const open = asked.open === customer.id;
  const toggle = () => {
    asked.open = open ? undefined : customer.id;
    asked.typed = {};
    draw();
  };
  return h(
    "li",
    {},
    h(
      "button.customer",
      { type: "button", "data-key": customer.id, "aria-expanded": String(open), onclick: toggle },
      h("span.name", {}, customer.name ?? customer.externalId ?? customer.id),
      statusNode(customer.status),
    ),
    open && leversNode(customer, asked),
  );
}
