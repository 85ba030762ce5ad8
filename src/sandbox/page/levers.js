import { sandbox } from "./api.js";
import { attempt, h } from "./dom.js";

/** Codes to begin with; any other can be typed. */
const KNOWN = new Map([
  [
    "2560",
    "One or more Webex Calling services are unavailable due to maintenance, unable to start provisioning. " +
      "Consult status.webex.com and retry later.",
  ],
  ["200042", "Address validation failed: the postal code does not match the state."],
  ["10022", "The external ID is already in use by another organization."],
]);
const [[FIRST_CODE, FIRST_TEXT]] = KNOWN;

/**
 * The form that breaks and heals the packages of one customer.
 * @param {{typed: Record<string, string>}} asked keeps what was typed when the form is drawn anew
 */
export function leversNode(customer, asked) {
  const { name: chosen, code = FIRST_CODE, text = FIRST_TEXT } = asked.typed;
  const name = h(
    "select",
    { name: "name", "data-key": "package" },
    customer.resourceDetails.packages.map((item) => optionOf(item, chosen)),
  );
  const codeInput = h("input", {
    type: "number",
    name: "code",
    list: "known-codes",
    value: code,
    required: true,
  });
  const textInput = h("textarea", { name: "text", rows: "3", value: text });
  const change = (patch) => attempt(() => sandbox.change(customer.id, { packages: { [name.value]: patch } }));
  const keepTyped = () => {
    asked.typed = Object.fromEntries(new FormData(form));
  };
  const form = h(
    "form.levers",
    { oninput: keepTyped, onsubmit: (event) => event.preventDefault() },
    h("label.field", {}, "Package", name),
    h("div.reason", {}, h("label.field", {}, "Code", codeInput), h("label.field", {}, "Text", textInput)),
    h(
      "datalist",
      { id: "known-codes" },
      [...KNOWN.keys()].map((known) => h("option", { value: known })),
    ),
    h(
      "p.buttons",
      {},
      h("button.danger", { type: "submit", "data-key": "break" }, "Break it"),
      h("button", { type: "button", "data-key": "heal", onclick: () => change(HEALTHY) }, "Heal it"),
    ),
  );
  codeInput.addEventListener("input", () => {
    textInput.value = KNOWN.get(codeInput.value) ?? textInput.value;
  });
  form.addEventListener("submit", () =>
    change({
      status: "error",
      errors: [{ errorCode: Number(codeInput.value), description: textInput.value }],
    }),
  );
  return form;
}

const HEALTHY = { status: "provisioned", errors: [], warnings: [] };

const optionOf = ({ name, status }, chosen) =>
  h("option", { value: name, selected: name === chosen }, `${name} (${status})`);
