import type { KnownValues } from "./known-values.ts";

/** The languages in which people name countries. */
const LANGUAGES = ["en", "de", "es", "pt", "fr"];

/** Names that people use and Unicode does not have. */
const COMMON_NAMES: Readonly<Record<string, string>> = {
  america: "US",
  "u.s": "US",
  "u.s.a": "US",
  usa: "US",
  eeuu: "US",
  "ee.uu": "US",
  eua: "US",
  "united states of america": "US",
  "u.k": "GB",
  britain: "GB",
  "great britain": "GB",
  england: "GB",
  scotland: "GB",
  wales: "GB",
  holland: "NL",
  holanda: "NL",
  "czech republic": "CZ",
  turkey: "TR",
  korea: "KR",
  uae: "AE",
  "ivory coast": "CI",
  "hong kong": "HK",
  macau: "MO",
  russia: "RU",
};

/** Codes that Unicode has for groups of countries and for tests. */
const NO_COUNTRIES = /^(?:EU|EZ|UN|ZZ|X[A-JL-Z]|Q[M-Z])$/;

const LETTERS = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];

const namesIn = (language: string) => new Intl.DisplayNames([language], { type: "region", fallback: "none" });

const ENGLISH = namesIn("en");

const KNOWN_CODES = LETTERS.flatMap((first) => LETTERS.map((second) => first + second)).filter(
  (code) => !NO_COUNTRIES.test(code) && ENGLISH.of(code) !== undefined,
);

/** The code of today: `UK` is `GB`. */
const codeOf = (code: string): string => new Intl.Locale(`und-${code}`).region ?? code;

const CODES = KNOWN_CODES.filter((code) => codeOf(code) === code);

/** The country of a customer is a code of ISO 3166-1 (API page); people write it in words, in their own language. */
export const COUNTRY_VALUES: KnownValues = {
  noun: "country",
  api: CODES,
  everyday: {
    ...Object.fromEntries(KNOWN_CODES.map((code) => [code.toLowerCase(), codeOf(code)])),
    ...Object.fromEntries(
      LANGUAGES.map(namesIn).flatMap((names) => CODES.map((code) => [names.of(code)?.toLowerCase() ?? code, code])),
    ),
    ...COMMON_NAMES,
    all: [],
    any: [],
  },
  areNamedInQuotes: true,
};
