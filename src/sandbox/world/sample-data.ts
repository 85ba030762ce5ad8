import type { PACKAGE_NAMES } from "../../domain/customers/customer.ts";

export type PackageName = (typeof PACKAGE_NAMES)[number];

/** Packages that are bought together. A calling plan and the attendant console need a calling package. */
export const BUNDLES: readonly [readonly PackageName[], ...(readonly PackageName[])[]] = [
  ["webex_calling"],
  ["webex_calling", "webex_meetings"],
  ["webex_calling", "common_area_calling"],
  ["webex_calling", "cisco_calling_plan"],
  ["webex_calling", "webex_meetings", "attendant_console"],
  ["webex_suite"],
  ["webex_suite", "common_area_calling"],
  ["webex_suite", "cx_essentials", "attendant_console"],
  ["webex_suite", "webex_calling", "cisco_calling_plan", "common_area_calling"],
  ["webex_voice"],
  ["webex_voice", "common_area_calling"],
  ["webex_meetings"],
  ["webex_calling_standard"],
  ["webex_calling_standard", "webex_meetings", "common_area_calling"],
  ["webex_calling", "cx_essentials"],
  ["webex_calling", "cx_standard_agent", "cx_voice_ports"],
  ["webex_suite", "cx_premium_agent", "cx_voice_ports", "cx_ai_assistant"],
  ["webex_suite", "cx_premium_agent", "cx_ai_assistant", "webex_ai_agent", "attendant_console"],
  ["common_area_calling", "webex_calling", "webex_meetings", "webex_suite", "webex_voice", "cx_essentials"],
];

/** An entry of `errors` or `warnings`. */
export interface WireProblem {
  readonly errorCode: number;
  readonly description: string;
}

/** The error in the example of the API page. */
export const MAINTENANCE_ERROR: WireProblem = {
  errorCode: 2560,
  description:
    "One or more Webex Calling services are unavailable due to maintenance, unable to start provisioning. Consult status.webex.com and retry later.",
};

/**
 * Why packages fail. 2560 is the API page's own and 10022 the specification's; the table of all codes could not be
 * had, so the others are made up, in numbers that no source gives a meaning to.
 */
export const SAMPLE_ERRORS: readonly [WireProblem, ...WireProblem[]] = [
  MAINTENANCE_ERROR,
  { errorCode: 10022, description: "The email address is already associated with an existing user." },
  { errorCode: 92101, description: "The main telephone number is already in use by another location." },
  { errorCode: 92102, description: "The emergency address could not be validated for this location." },
  { errorCode: 92103, description: "Not enough licences are left on the subscription for this package." },
  { errorCode: 92104, description: "The domain is claimed by another organization." },
  {
    errorCode: 92105,
    description: "The carrier did not confirm the number order in time. Retry the update.",
  },
];

export const SAMPLE_WARNINGS: readonly [WireProblem, ...WireProblem[]] = [
  { errorCode: 92201, description: "The calling region was set from the country of the address." },
  {
    errorCode: 92202,
    description: "The welcome mail could not be sent; the administrator was created without it.",
  },
];

const NAME_PREFIXES = [
  "Alpine,Amber,Anchor,Aspen,Atlas,Beacon,Birch,Blue Heron,Bright Path,Brook,Cascade,Cedar",
  "Clearwater,Cobalt,Compass,Copper,Crescent,Delta,Dovetail,Eastgate,Elm,Ember,Evergreen,Falcon",
  "Fern,Fjord,Foxglove,Granite,Greenfield,Harborlight,Hawthorn,Hazel,High Point,Ironwood,Ivory",
  "Juniper,Keystone,Lakeside,Larkspur,Lighthouse,Linden,Maple,Marlow,Meadow,Milestone,Northgate",
  "Oakridge,Old Town,Orchard,Osprey,Pinnacle,Quarry,Redwood,Ridgeline,Riverbend,Rowan,Saltmarsh",
  "Silver Fir,Sparrow,Summit,Sycamore,Tidewater,Timberline,Vantage,Willow,Windmill,Yarrow",
].flatMap((line) => line.split(","));

const TRADES = [
  "Dental,Logistics,Bakeries,Veterinary Clinic,Architects,Insurance Brokers,Hotels,Freight,Law",
  "Accounting,Pharmacy,Motors,Garden Centres,Primary Schools,Care Homes,Press,Engineering,Foods",
  "Interiors,Physiotherapy,Property,Radiology,Seafood,Solar,Textiles,Tools,Travel,Water,Wines",
  "Credit Union,Community Trust",
].flatMap((line) => line.split(","));

const LEGAL_FORMS = ["Ltd", "Inc.", "Group", "& Sons", "Partners", "LLC", "GmbH", "Co-operative"];

/** Has no common factor with the number of pairs, so it visits all of them, and neighbours get different names. */
const PAIR_STEP = 769;

/** A company name. The first 2,000 differ by their words, later ones by a number. */
export function companyName(index: number): string {
  const pairs = NAME_PREFIXES.length * TRADES.length;
  const turn = (index * PAIR_STEP) % pairs;
  const words = [
    NAME_PREFIXES[turn % NAME_PREFIXES.length],
    TRADES[Math.floor(turn / NAME_PREFIXES.length)],
    LEGAL_FORMS[index % LEGAL_FORMS.length],
  ];
  return index < pairs ? words.join(" ") : `${words.join(" ")} ${Math.floor(index / pairs) + 1}`;
}

export interface City {
  readonly city: string;
  readonly state: string;
  readonly zip: string;
  readonly country: string;
}

const parseCity = (line: string): City => {
  const [city = "", state = "", zip = "", country = ""] = line.split("|");
  return { city, state, zip, country };
};

/** Real cities with a state, a postal code and a country that belong together. */
const CITY_LINES: readonly [string, ...string[]] = [
  "Denver|CO|80202|US",
  "Austin|TX|78701|US",
  "Boise|ID|83702|US",
  "Madison|WI|53703|US",
  "Portland|OR|97204|US",
  "Raleigh|NC|27601|US",
  "Tucson|AZ|85701|US",
  "Omaha|NE|68102|US",
  "Richmond|VA|23219|US",
  "Savannah|GA|31401|US",
  "Albany|NY|12207|US",
  "Spokane|WA|99201|US",
  "Sacramento|CA|95814|US",
  "Columbus|OH|43215|US",
  "Nashville|TN|37203|US",
  "Burlington|VT|05401|US",
  "Tampa|FL|33602|US",
  "Salt Lake City|UT|84101|US",
  "Kansas City|MO|64106|US",
  "Pittsburgh|PA|15222|US",
  "Toronto|ON|M5H 2N2|CA",
  "Calgary|AB|T2P 1J9|CA",
  "Halifax|NS|B3J 1S9|CA",
  "Montréal|QC|H2Y 1C6|CA",
  "Bristol|ENG|BS1 4DJ|GB",
  "Leeds|ENG|LS1 4AP|GB",
  "Glasgow|SCT|G2 1DU|GB",
  "Cardiff|WLS|CF10 1EP|GB",
  "Dublin|L|D02 X285|IE",
  "München|BY|80331|DE",
  "Hamburg|HH|20095|DE",
  "Köln|NW|50667|DE",
  "Lyon|ARA|69002|FR",
  "Nantes|PDL|44000|FR",
  "Utrecht|UT|3511 AD|NL",
  "Gent|VOV|9000|BE",
  "Porto|13|4000-322|PT",
  "Sevilla|AN|41001|ES",
  "Torino|TO|10121|IT",
  "Kraków|MA|31-042|PL",
  "Göteborg|O|411 03|SE",
  "Aarhus|82|8000|DK",
  "Bergen|46|5003|NO",
  "Tampere|11|33100|FI",
  "Zürich|ZH|8001|CH",
  "Graz|6|8010|AT",
  "Melbourne|VIC|3000|AU",
  "Hobart|TAS|7000|AU",
  "Wellington|WGN|6011|NZ",
  "Osaka|27|530-0001|JP",
  "Singapore|01|048616|SG",
  "Curitiba|PR|80010-000|BR",
];

const [firstCity, ...otherCities] = CITY_LINES;
export const CITIES: readonly [City, ...City[]] = [parseCity(firstCity), ...otherCities.map(parseCity)];

export const STREETS = [
  "Alder Drive",
  "Market Street",
  "Harbour Road",
  "Mill Lane",
  "Station Road",
  "Cedar Avenue",
  "Foundry Street",
  "Orchard Way",
  "King Street",
  "Canal Street",
  "Hillcrest Avenue",
  "Exchange Square",
] as const;
