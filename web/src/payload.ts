// What the Python side writes into each block and beside them; src/ringtrue/report/render.py and payload.py are its twins.

export type LonLat = [number, number];
export type LinkId = "seen_geometry" | "seen" | "tracked" | "engageable";

export interface Interval {
  low: number;
  median: number;
  high: number;
}

export interface Layer {
  target: string;
  link: LinkId;
  lowest: number; // index into Payload.rasters
  ceiling: number;
}

export interface Site {
  name: string;
  latitude_deg: number;
  longitude_deg: number;
}

export interface City {
  name: string;
  longitude_deg: number;
  latitude_deg: number;
  population: number;
}

export type Reference = "ground" | "sea";

export interface Level {
  reference: Reference; // height above ground, or altitude above sea level
  value_m: number;
}

export interface Radius extends Level {
  target: string;
  link: LinkId;
  height: string; // "50 m above ground"
  azimuth_deg: number[];
  low_km: number[];
  median_km: number[];
  high_km: number[];
}

export interface Row extends Level {
  target: string;
  height: string;
  facts: { measure: string; label: string; text: string; inputs: string }[];
  areas_km2: Partial<Record<LinkId, [low: number, median: number, high: number]>>;
  binds: string;
}

export interface System {
  id: string;
  name: string;
  place: string;
  positions: string; // what the position of the site stands for
  origin: string; // terrain, refraction, mast: stands in the source line of a picture
  site: Site;
  advertised_km: number;
  covered_km2: number; // the part of the advertised ring on the elevation model
  ring: LonLat[];
  width: number;
  height: number;
  corners: [LonLat, LonLat, LonLat, LonLat]; // NW, NE, SE, SW of the EPSG:3857 window
  row_km2: number[]; // on the ground, of a cell in each row of the window
  hillshade: number | null;
  ground: { raster: number; low_m: number; step_m: number } | null; // code 0: not known; else altitude = low_m + step_m * (code - 1)
  layers: Layer[];
  rows: Row[];
  radius: Radius[];
  cities: City[];
}

export interface FigureText {
  id: string;
  label: string;
  printed: string;
  spread: string;
  mark: string; // "assumed", "estimate", "derived", "published"
  source: string;
  address: string;
  note: string;
}

export interface Payload {
  program: string; // name and version
  credits: string; // of base map and cities
  levels_m: number[]; // code c (1..) means levels_m[c - 1]; the stops of the slider above ground
  altitudes_m: number[]; // the stops of the slider above sea level; empty: no altitude was audited
  audited: { ground: number[]; sea: number[] };
  start: { system: string; target: string; reference: Reference; value_m: number };
  targets: { id: string; name: string }[];
  links: { id: LinkId; label: string; colour: string }[];
  rasters: string[]; // base64 of zlib of row-wise differences of codes
  systems: System[];
  basemap: { land: GeoJSON.FeatureCollection; lakes: GeoJSON.FeatureCollection; borders: GeoJSON.FeatureCollection; coast: GeoJSON.FeatureCollection };
}

/** What stands in one block: the figures that its numbers name, sets of them as places, and the map if it is one. */
export interface BlockData {
  figures?: string[]; // names by content
  sets?: Record<string, number[]>; // name of a set -> places in figures
  map?: Payload;
}

const read = new WeakMap<Element, BlockData>();

/** The data of the block that an element stands in. */
export function blockData(element: Element): BlockData | null {
  const held = element.closest(".block")?.querySelector("script[data-of-block]");
  if (!held) return null;
  let data = read.get(held);
  if (!data) {
    data = JSON.parse(held.textContent ?? "{}") as BlockData;
    read.set(held, data);
  }
  return data;
}

/** The figures behind all numbers of the document, by the name of their content. */
export function figureTexts(): Record<string, FigureText> {
  const held = [...document.querySelectorAll("script[data-figures]")].map((one) => JSON.parse(one.textContent ?? "{}") as Record<string, FigureText>);
  return Object.assign({}, ...held) as Record<string, FigureText>;
}

/** Undo base64, zlib and the row-wise differences; exact, because no picture decoder is in between. */
export async function unpack(packed: string, width: number, height: number): Promise<Uint8Array> {
  const bytes = Uint8Array.from(atob(packed), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  const codes = new Uint8Array(await new Response(stream).arrayBuffer());
  if (codes.length !== width * height) throw new Error(`raster has ${codes.length} cells, ${width * height} wanted`);
  for (let start = 0; start < codes.length; start += width) {
    for (let i = start + 1; i < start + width; i++) codes[i] = (codes[i] + codes[i - 1]) & 255;
  }
  return codes;
}
