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

/** A step without a common factor with the number of pairs: it visits them all, and neighbours look unlike each other. */
const PAIR_STEP = 769;

/** A name that reads like a company's. The first two thousand differ; after that a number tells them apart. */
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
