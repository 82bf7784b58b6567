// What the Python side writes into <script id="ringtrue-data">; src/ringtrue/report/payload.py is its twin.

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

export interface Radius {
  target: string;
  link: LinkId;
  height: string; // "50 m above ground"
  height_m: number | null; // above ground; null for rows above sea level
  azimuth_deg: number[];
  low_km: number[];
  median_km: number[];
  high_km: number[];
}

export interface Row {
  target: string;
  height: string;
  height_m: number | null;
  facts: { label: string; text: string; inputs: string }[];
  binds: string;
}

export interface System {
  id: string;
  name: string;
  site: Site;
  advertised_km: number;
  ring: LonLat[];
  width: number;
  height: number;
  corners: [LonLat, LonLat, LonLat, LonLat]; // NW, NE, SE, SW of the EPSG:3857 window
  hillshade: number | null;
  layers: Layer[];
  rows: Row[];
  radius: Radius[];
  cities: City[];
}

export interface ParameterText {
  label: string;
  printed: string;
  spread: string;
  mark: string; // "assumed", "estimate", "derived", "published"
  source: string;
  address: string;
  note: string;
}

export interface Payload {
  levels_m: number[]; // code c (1..) means levels_m[c - 1]
  audited_heights_m: number[];
  start: { system: string; target: string; height_m: number };
  targets: { id: string; name: string }[];
  links: { id: LinkId; label: string; colour: string }[];
  rasters: string[]; // base64 of zlib of row-wise differences of codes
  systems: System[];
  basemap: { land: GeoJSON.FeatureCollection; lakes: GeoJSON.FeatureCollection; borders: GeoJSON.FeatureCollection; coast: GeoJSON.FeatureCollection };
  input_sets: Record<string, number[]>; // name of a set -> places among the sorted IDs of the parameters
  parameters: Record<string, ParameterText>;
}

export function readPayload(): Payload | null {
  const text = document.getElementById("ringtrue-data")?.textContent;
  return text ? (JSON.parse(text) as Payload) : null;
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
