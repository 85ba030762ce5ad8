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
