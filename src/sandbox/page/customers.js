import { sandbox } from "./api.js";
import { attempt, element, h } from "./dom.js";
import { glyphOf } from "./world.js";

const SHOWN = 6;
const PAUSE_MS = 150;
const SLIPS = [
  [
    2560,
    "One or more Webex Calling services are unavailable due to maintenance, unable to start provisioning.",
  ],
  [200042, "Address validation failed: postal code does not match the state."],
  [4003, "The external ID is already in use by another organization."],
];

/** Finding a customer of the world, breaking one of its packages, healing it. */
export function startCustomers({ state }) {
  const query = h("input", {
    type: "search",
    placeholder: "Name, id or city",
    "aria-label": "Find a customer",
    autocomplete: "off",
  });
  const list = h("ul.found", { "aria-label": "Customers found" });
  const asked = { status: "", open: undefined };
  const draw = () => attempt(() => find({ asked, query, list, draw }));
  let timer;

  query.addEventListener("input", () => {
    asked.status = "";
    clearTimeout(timer);
    timer = setTimeout(draw, PAUSE_MS);
  });
  state.on(["world"], () => {
    if (!list.contains(document.activeElement)) draw();
  });
  element("customers").append(query, list);
  return (status) => {
    query.value = "";
    asked.status = asked.status === status ? "" : status;
    draw();
  };
}

async function find({ asked, query, list, draw }) {
  const filter = {
    max: String(SHOWN),
    ...(query.value && { q: query.value }),
    ...(asked.status && { status: asked.status }),
  };
  const { items } = await sandbox.customers(filter);
  const rows = items.map((customer) => rowOf(customer, { asked, draw }));
  list.replaceChildren(...(rows.length > 0 ? rows : [h("li.note", {}, "Nobody by that name.")]));
}

function rowOf(customer, { asked, draw }) {
  const [glyph, kind] = glyphOf(customer.status);
  const open = asked.open === customer.id;
  const toggle = () => {
    asked.open = open ? undefined : customer.id;
    draw();
  };
  return h(
    "li",
    {},
    h(
      "button.customer",
      { type: "button", "aria-expanded": String(open), onclick: toggle },
      h("span.name", {}, customer.name ?? customer.externalId ?? customer.id),
      h("span.status", { "data-kind": kind }, `${glyph} ${customer.status.replaceAll("_", " ")}`),
    ),
    open && levers(customer, draw),
  );
}

/** The form that breaks and heals one customer. */
function levers(customer, draw) {
  const packages = customer.resourceDetails?.packages ?? [];
  const choice = h(
    "select",
    { name: "package" },
    packages.map(({ name, status }) => h("option", { value: name }, `${name} (${status})`)),
  );
  const code = h("input", {
    type: "number",
    list: "known-codes",
    value: String(SLIPS[0][0]),
    required: true,
  });
  const text = h("textarea", { rows: "3", value: SLIPS[0][1] });
  code.addEventListener("input", () => {
    text.value = SLIPS.find(([known]) => String(known) === code.value)?.[1] ?? text.value;
  });
  const change = (status, errors) =>
    attempt(async () => {
      await sandbox.change(customer.id, { packages: { [choice.value]: { status, errors, warnings: [] } } });
      draw();
    });
  const submit = (event) => {
    event.preventDefault();
    change("error", [{ errorCode: Number(code.value), description: text.value }]);
  };
  return h(
    "form.levers",
    { onsubmit: submit },
    h("label.field", {}, "Package", choice),
    h("div.reason", {}, h("label.field", {}, "Code", code), h("label.field", {}, "Text", text)),
    h(
      "datalist",
      { id: "known-codes" },
      SLIPS.map(([known]) => h("option", { value: String(known) })),
    ),
    h(
      "p.buttons",
      {},
      h("button.danger", { type: "submit" }, "Break it"),
      h("button", { type: "button", onclick: () => change("provisioned", []) }, "Heal it"),
    ),
  );
}
