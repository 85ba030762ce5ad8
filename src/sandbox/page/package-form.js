import { sandbox } from "./api.js";
import { attempt, h } from "./dom.js";

const HEALTHY = { status: "provisioned", errors: [], warnings: [] };

/**
 * The form that breaks and heals the packages of one customer.
 * @param {{typed: Record<string, string>}} asked keeps what was typed when the form is drawn again
 * @param {{errorCode: number, description: string}[]} sampleErrors offered as codes; any other can be typed
 */
export function packageFormNode(customer, asked, sampleErrors) {
  const texts = new Map(sampleErrors.map(({ errorCode, description }) => [String(errorCode), description]));
  const [[firstCode, firstText] = ["", ""]] = texts;
  const { name: chosen, code = firstCode, text = firstText } = asked.typed;
  const options = customer.resourceDetails.packages.map((item) => optionNode(item, chosen));
  const name = h("select", { name: "name", "data-key": "package" }, options);
  const codeInput = h("input", { type: "number", name: "code", list: "known-codes", value: code, required: true });
  const textInput = h("textarea", { name: "text", rows: "3", value: text });
  const change = (patch) => attempt(() => sandbox.change(customer.id, { packages: { [name.value]: patch } }));
  const form = h(
    "form.package-form",
    { onsubmit: (event) => event.preventDefault() },
    h("label.field", {}, "Package", name),
    h("div.reason", {}, h("label.field", {}, "Code", codeInput), h("label.field", {}, "Text", textInput)),
    h(
      "datalist",
      { id: "known-codes" },
      [...texts.keys()].map((known) => h("option", { value: known })),
    ),
    h(
      "p.buttons",
      {},
      h("button.danger", { type: "submit", "data-key": "break" }, "Break it"),
      h("button", { type: "button", "data-key": "heal", onclick: () => change(HEALTHY) }, "Heal it"),
    ),
  );
  codeInput.addEventListener("input", () => {
    textInput.value = texts.get(codeInput.value) ?? textInput.value;
  });
  form.addEventListener("input", () => {
    asked.typed = Object.fromEntries(new FormData(form));
  });
  form.addEventListener("submit", () =>
    change({ status: "error", errors: [{ errorCode: Number(codeInput.value), description: textInput.value }] }),
  );
  return form;
}

const optionNode = ({ name, status }, chosen) =>
  h("option", { value: name, selected: name === chosen }, `${name} (${status})`);
