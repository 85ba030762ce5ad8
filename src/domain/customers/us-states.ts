import type { KnownValues } from "./known-values.ts";

const CODES =
  "Alabama AL, Alaska AK, Arizona AZ, Arkansas AR, California CA, Colorado CO, Connecticut CT, Delaware DE, Florida FL, Georgia GA, " +
  "Hawaii HI, Idaho ID, Illinois IL, Indiana IN, Iowa IA, Kansas KS, Kentucky KY, Louisiana LA, Maine ME, Maryland MD, " +
  "Massachusetts MA, Michigan MI, Minnesota MN, Mississippi MS, Missouri MO, Montana MT, Nebraska NE, Nevada NV, New Hampshire NH, " +
  "New Jersey NJ, New Mexico NM, New York NY, North Carolina NC, North Dakota ND, Ohio OH, Oklahoma OK, Oregon OR, Pennsylvania PA, " +
  "Rhode Island RI, South Carolina SC, South Dakota SD, Tennessee TN, Texas TX, Utah UT, Vermont VT, Virginia VA, Washington WA, " +
  "West Virginia WV, Wisconsin WI, Wyoming WY";

/** A customer's state is free text, so either spelling may be in the data: each name stands for both. */
export const STATE_VALUES: KnownValues = {
  noun: "state",
  api: [],
  everyday: Object.fromEntries(
    CODES.split(", ").flatMap((state) => {
      const [name, code] = [state.slice(0, -3), state.slice(-2)];
      return [name, code].map((spelling) => [spelling.toLowerCase(), [name, code]] as const);
    }),
  ),
  areOthersUsual: true,
};
