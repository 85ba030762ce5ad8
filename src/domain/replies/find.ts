import { isSearch } from "../commands/correct-search.ts";
import type { FindCommand } from "../commands/find.ts";
import { describeFilter, format } from "../commands/format.ts";
import { CUSTOMER_STATUSES, PACKAGE_NAMES, PROBLEM_STATUSES } from "../customers/customer.ts";
import type { Filter, Term } from "../customers/filter.ts";
import { FIELD_DEFINITIONS, type FilterField } from "../customers/filter-fields.ts";
import { PAGE_SIZE } from "../customers/list-query.ts";
import type { Button } from "../views/views.ts";
import type { Reply } from "./reply.ts";

/** The ids of the inputs in the card template; a box to tick, and an input for several values, has `[]` behind its field. */
const INPUTS = ["text", "status", "package", "code[]", "country", "package.status[]"];
const MORE_INPUTS = ["externalId", "orgId", "max"];

/** The filter form, filled in with the present filter. Terms without an input on the form stay in force. */
export function replyFind({ filter, more }: FindCommand): Reply {
  const onForm = filter.filter((term) => isOnForm(term, filter));
  const kept = filter.filter((term) => !onForm.includes(term));
  const valuesOf = (field: FilterField) =>
    onForm.filter((term) => term.field === field).flatMap(({ values }) => values.map(({ text }) => text));
  const showsIds = more || valuesOf("externalId").length + valuesOf("orgId").length > 0;
  const [status, packages] = [valuesOf("status"), valuesOf("package")];
  return {
    view: {
      kind: "find",
      notes: kept.length > 0 ? [`Also filtered by: ${describeFilter(kept)}.`] : [],
      text: valuesOf("text").at(0) ?? "",
      statuses: choicesWith(status, [PROBLEM_STATUSES, ...CUSTOMER_STATUSES.map((one) => [one])]),
      status,
      packages: choicesWith(
        packages,
        PACKAGE_NAMES.map((one) => [one]),
      ),
      package: packages,
      code: valuesOf("code").join(LIST_COMMA),
      country: valuesOf("country").at(0) ?? "",
      isInErrorOnly: valuesOf("package.status").length > 0,
      showsIds,
      externalId: valuesOf("externalId").at(0) ?? "",
      orgId: valuesOf("orgId").at(0) ?? "",
      max: PAGE_SIZE.usual,
      buttons: buttonsOf(kept, showsIds),
    },
  };
}

const LIST_COMMA = ", ";

/** Each button sends what was filled in, so that "More" loses nothing of it. */
function buttonsOf(kept: Filter, showsIds: boolean): readonly Button[] {
  const list = format({ name: "customers", filter: kept, page: 1, max: PAGE_SIZE.usual, fresh: false });
  const inputs = showsIds ? [...INPUTS, ...MORE_INPUTS] : INPUTS;
  return [
    { title: "Apply", command: list, main: true, inputs },
    ...(showsIds ? [] : [{ title: "More", command: format({ name: "find", filter: kept, more: true }), inputs }]),
    ...(kept.length === 0 ? [] : [withoutKept(kept, showsIds, inputs)]),
    { title: "Export", command: format({ name: "export", filter: kept }), inputs },
    { title: "Clear", command: "customers" },
  ];
}

/** Terms without an input could not be taken away: what was filled in would only narrow them. */
function withoutKept(kept: Filter, more: boolean, inputs: readonly string[]): Button {
  const title = kept.every(isSearch) ? "Without the search" : "Without other filters";
  return { title, command: format({ name: "find", filter: [], more }), inputs };
}

/** The usual choices, and the present one if it is none of them. */
function choicesWith(chosen: readonly string[], usual: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const isUsual = usual.some((values) => values.join() === chosen.join());
  return chosen.length === 0 || isUsual ? usual : [...usual, chosen];
}

/** The `maxLength` of the inputs, in which a longer value would be cut. */
const LONGEST_INPUT = 200;

/** An input holds plain values only, and one term of its field. */
function isOnForm(term: Term, filter: Filter): boolean {
  const { field, negated, values } = term;
  const { formInput } = FIELD_DEFINITIONS[field];
  const isOnly = filter.filter((other) => other.field === field).length === 1;
  if (formInput === undefined || !isOnly || negated) return false;
  if (values.some(({ text, prefix }) => prefix || text.length > LONGEST_INPUT)) return false;
  if (formInput === "errors") return values.length === 1 && values[0]?.text === "error";
  if (formInput === "typed") return values.map(({ text }) => text).join(LIST_COMMA).length <= LONGEST_INPUT;
  return formInput === "several" || values.length === 1;
}
