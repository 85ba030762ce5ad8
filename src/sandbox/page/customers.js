import { sandbox } from "./api.js";
import { attempt, debounce, elementById, h, redraw } from "./dom.js";
import { createNewestRead } from "./newest-read.js";
import { packageFormNode } from "./package-form.js";
import { statusNode } from "./world.js";

const MAX_SHOWN = 6;
const DEBOUNCE_MS = 150;

/** The search for a customer, with a form to break and heal it. Returns a function that lists one status. */
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
  const newest = createNewestRead();
  const draw = () => attempt(() => find({ state, asked, newest, query, list, total, draw }));
  const drawSoon = debounce(draw, DEBOUNCE_MS);

  query.addEventListener("input", () => {
    asked.status = "";
    drawSoon();
  });
  state.on(["world"], () => {
    if (!isTyping(list)) drawSoon();
  });
  elementById("customers").append(query, total, list);
  return (status) => {
    query.value = "";
    asked.status = asked.status === status ? "" : status;
    draw();
  };
}

/** A form is not redrawn while somebody types in it. */
const isTyping = (list) => list.contains(document.activeElement) && document.activeElement.matches("input, textarea");

async function find({ state, asked, newest, query, list, total, draw }) {
  const { status } = asked;
  const search = { max: String(MAX_SHOWN), ...(query.value && { q: query.value }), ...(status && { status }) };
  const found = await newest(() => sandbox.customers(search));
  if (found === undefined) return;
  const { items, total: all } = found;
  const which = status && ` are ${status.replaceAll("_", " ")}`;
  total.textContent = all > items.length ? `${items.length} of ${all.toLocaleString()}${which}` : "";
  const rows = items.map((customer) => rowNode(customer, { asked, draw, sampleErrors: state.get().sampleErrors }));
  redraw(list, rows.length > 0 ? rows : h("li.note", {}, "No such customer."));
}

function rowNode(customer, { asked, draw, sampleErrors }) {
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
    open && packageFormNode(customer, asked, sampleErrors),
  );
}
