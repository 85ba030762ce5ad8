/** Adjectives for the countries, in English, German, Spanish, Portuguese and French, without accents and German endings. */
const ADJECTIVES: Readonly<Record<string, string>> = {
  AR: "argentinian argentine argentinos",
  AT: "austrian osterreichisch austriacos autrichiens autrichiennes",
  AU: "australian australisch",
  BE: "belgian belgisch belgas belges",
  BR: "brazilian brasilianisch brasilenos brasileiros bresiliens",
  CA: "canadian kanadisch canadienses canadiens",
  CH: "swiss schweizer suizos suicos suisses",
  CL: "chilean chilenos",
  CN: "chinese chinesisch chinos",
  CO: "colombian colombianos",
  CZ: "czech tschechisch",
  DE: "german deutsch alemanes alemanas alemaes allemands allemandes",
  DK: "danish danisch",
  ES: "spanish spanisch espanoles espanolas espanhois espagnols espagnoles",
  FI: "finnish finnisch",
  FR: "french franzosisch franceses francesas francais francaises",
  GB: "british english scottish welsh britisch englisch britanicos ingleses britanniques anglais",
  GR: "greek griechisch",
  HR: "croatian kroatisch",
  HU: "hungarian ungarisch",
  IE: "irish irisch irlandeses irlandais",
  IL: "israeli",
  IN: "indian indisch",
  IT: "italian italienisch italianos italianas italiens italiennes",
  JP: "japanese japanisch japoneses japonais",
  KR: "korean koreanisch",
  LU: "luxembourgish luxemburgisch",
  MX: "mexican mexikanisch mexicanos mexicains",
  MY: "malaysian",
  NL: "dutch niederlandisch hollandisch holandeses neerlandais",
  NO: "norwegian norwegisch",
  NZ: "kiwi",
  PE: "peruvian peruanos",
  PH: "filipino philippine",
  PL: "polish polnisch polacos polonais",
  PT: "portuguese portugiesisch portugueses portuguesas portugais",
  RO: "romanian rumanisch",
  RU: "russian russisch",
  SE: "swedish schwedisch",
  SG: "singaporean",
  TH: "thai",
  TR: "turkish turkisch",
  UA: "ukrainian ukrainisch",
  US: "american amerikanisch americanos americains",
  ZA: "south-african",
};

const COUNTRY_OF: ReadonlyMap<string, string> = new Map(
  Object.entries(ADJECTIVES).flatMap(([code, words]) => words.split(" ").map((word) => [word, code] as const)),
);

/** The code of the country that an adjective is about; undefined for any other word. @param word in lower case, without accents */
export function countryOfAdjective(word: string): string | undefined {
  return COUNTRY_OF.get(word) ?? COUNTRY_OF.get(word.replace(/e[nrs]?$/, ""));
}
