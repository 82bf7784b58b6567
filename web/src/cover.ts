// Which cells a link holds in at a level, decided from the coded rasters; the areas and radii of those cells; their paint.
import type { Layer, Level, LinkId, Payload, Reference, System } from "./payload";
import { unpack } from "./payload";

export type LinkChoice = LinkId | "advertised" | "nested";

const NESTED: LinkId[] = ["seen", "tracked", "engageable"];
const N_SECTORS = 72;
const OUTSIDE = 255;

/** The links that a choice paints, outermost first. */
export function linksOf(link: LinkChoice): LinkId[] {
  return link === "nested" ? NESTED : link === "advertised" ? [] : [link];
}

/** A colour as one word of a picture's pixels: red first in memory, little-endian. */
function pixelOf(hex: string, alpha: number): number {
  const value = parseInt(hex.slice(1), 16);
  return ((alpha << 24) | ((value & 255) << 16) | (value & 0xff00) | (value >> 16)) >>> 0;
}

/** Unpacked rasters, and what is computed from them once. */
export class RasterStore {
  private readonly ready = new Map<number, Uint8Array>();
  private readonly areas = new Map<string, number[]>();
  private readonly sectors = new Map<System, Uint8Array>();

  constructor(readonly payload: Payload) {}

  async load(system: System, targets: string[]): Promise<void> {
    const layers = system.layers.filter((layer) => targets.includes(layer.target));
    const wanted = [system.hillshade, system.ground?.raster ?? null, ...layers.flatMap((layer) => [layer.lowest, layer.ceiling])];
    for (const index of wanted) {
      if (index === null || this.ready.has(index)) continue;
      this.ready.set(index, await unpack(this.payload.rasters[index], system.width, system.height));
    }
  }

  /** A raster that has been loaded. */
  at(index: number): Uint8Array {
    return this.ready.get(index)!;
  }

  layer(system: System, target: string, link: LinkId): Layer | undefined {
    return system.layers.find((one) => one.target === target && one.link === link);
  }

  /** Area on the ground [km2] in which a link holds, at every stop of the slider. */
  areasByStop(system: System, target: string, link: LinkId, reference: Reference): number[] | null {
    const layer = this.layer(system, target, link);
    if (!layer) return null;
    const key = `${system.id}|${target}|${link}|${reference}`;
    let areas = this.areas.get(key);
    if (!areas) {
      const stops = reference === "ground" ? this.payload.levels_m : this.payload.altitudes_m;
      areas = stops.map((value_m) => this.areaOf(system, holds(this, system, layer, { reference, value_m })));
      this.areas.set(key, areas);
    }
    return areas;
  }

  areaOf(system: System, shown: Uint8Array): number {
    let total_km2 = 0;
    for (let row = 0, i = 0; row < system.height; row++) {
      let count = 0;
      for (const end = i + system.width; i < end; i++) count += shown[i];
      total_km2 += count * system.row_km2[row];
    }
    return total_km2;
  }

  /** Radius [km] of the clean sector that holds the same area, in sectors of 5 degrees about each azimuth. */
  radiusByAzimuth(system: System, shown: Uint8Array): { azimuth_deg: number[]; radius_km: number[] } {
    let sectors = this.sectors.get(system);
    if (!sectors) this.sectors.set(system, (sectors = sectorsOf(system)));
    const area_km2 = new Array<number>(N_SECTORS).fill(0);
    for (let i = 0; i < shown.length; i++) {
      if (shown[i] && sectors[i] !== OUTSIDE) area_km2[sectors[i]] += system.row_km2[Math.floor(i / system.width)];
    }
    const width_rad = (2 * Math.PI) / N_SECTORS;
    return { azimuth_deg: area_km2.map((_, k) => (360 * k) / N_SECTORS), radius_km: area_km2.map((km2) => Math.sqrt((2 * km2) / width_rad)) };
  }
}

export const mercatorY = (latitude_deg: number) => Math.log(Math.tan(Math.PI / 4 + (latitude_deg * Math.PI) / 360));

/** The sector of every cell of the window as seen from the site, on a sphere. */
function sectorsOf(system: System): Uint8Array {
  const radians = Math.PI / 180;
  const [[west, north], , [east, south]] = system.corners;
  const top = mercatorY(north), bottom = mercatorY(south);
  const site = system.site.latitude_deg * radians;
  const sectors = new Uint8Array(system.width * system.height);
  for (let row = 0, i = 0; row < system.height; row++) {
    const latitude = 2 * Math.atan(Math.exp(top + ((row + 0.5) / system.height) * (bottom - top))) - Math.PI / 2;
    for (let column = 0; column < system.width; column++, i++) {
      const apart = (west + ((column + 0.5) / system.width) * (east - west) - system.site.longitude_deg) * radians;
      const toEast = Math.sin(apart) * Math.cos(latitude);
      const toNorth = Math.cos(site) * Math.sin(latitude) - Math.sin(site) * Math.cos(latitude) * Math.cos(apart);
      const turn = Math.atan2(toEast, toNorth) / (2 * Math.PI);
      sectors[i] = (Math.round(turn * N_SECTORS) + N_SECTORS) % N_SECTORS;
    }
  }
  return sectors;
}

/** Codes between which a link must hold for a height above ground: the last level at or below it, the first at or above it. */
function between(levels_m: number[], height_m: number): [number, number] {
  let last = 0;
  while (last < levels_m.length && levels_m[last] <= height_m) last++;
  return [last, last && levels_m[last - 1] === height_m ? last : last + 1];
}

/** 1 for every cell in which a link holds at a level, else 0; no cell under the ground, none where the ground is not known. */
export function holds(store: RasterStore, system: System, layer: Layer, level: Level): Uint8Array {
  const lowest = store.at(layer.lowest), ceiling = store.at(layer.ceiling);
  const shown = new Uint8Array(lowest.length);
  const { levels_m } = store.payload;
  if (level.reference === "ground") {
    const [last, first] = between(levels_m, level.value_m);
    for (let i = 0; i < shown.length; i++) shown[i] = Number(lowest[i] > 0 && lowest[i] <= last && ceiling[i] >= first);
    return shown;
  }
  if (!system.ground) return shown;
  const ground = store.at(system.ground.raster);
  const { low_m, step_m } = system.ground;
  const bounds = Array.from({ length: 256 }, (_, code) => (code ? between(levels_m, level.value_m - low_m - step_m * (code - 1)) : [0, 0]));
  for (let i = 0; i < shown.length; i++) {
    const [last, first] = bounds[ground[i]];
    shown[i] = Number(lowest[i] > 0 && lowest[i] <= last && ceiling[i] >= first);
  }
  return shown;
}

export interface Painted {
  cells: number;
  shown: Uint8Array; // 1 for every painted cell
  hash: string;
  box: [number, number, number, number] | null; // left, top, right, bottom as shares of the canvas
}

/** Paint the chosen link (or the three nested ones) at a level; returns what was painted. */
export function paintCover(canvas: HTMLCanvasElement, store: RasterStore, system: System, target: string, link: LinkChoice, level: Level): Painted {
  const image = new ImageData(system.width, system.height);
  const pixels = new Uint32Array(image.data.buffer);
  const shown = new Uint8Array(system.width * system.height);
  for (const id of linksOf(link)) {
    const layer = store.layer(system, target, id);
    const colour = store.payload.links.find((l) => l.id === id)?.colour;
    if (!layer || !colour) continue;
    const pixel = pixelOf(colour, 178);
    const held = holds(store, system, layer, level);
    for (let i = 0; i < held.length; i++) {
      if (!held[i]) continue;
      shown[i] = 1;
      pixels[i] = pixel;
    }
  }
  canvas.width = system.width;
  canvas.height = system.height;
  canvas.getContext("2d")!.putImageData(image, 0, 0);
  let hash = 0x811c9dc5;
  for (let i = 0; i < pixels.length; i++) hash = Math.imul(hash ^ pixels[i], 0x01000193);
  let cells = 0;
  let left = system.width, right = -1, top = system.height, bottom = -1;
  for (let row = 0, i = 0; row < system.height; row++) {
    for (let column = 0; column < system.width; column++, i++) {
      if (!shown[i]) continue;
      cells++;
      if (column < left) left = column;
      if (column >= right) right = column + 1;
      if (row < top) top = row;
      bottom = row + 1;
    }
  }
  const box: Painted["box"] = cells ? [left / system.width, top / system.height, right / system.width, bottom / system.height] : null;
  return { cells, shown, hash: (hash >>> 0).toString(16), box };
}

/** Paint the terrain shading as black or white veils over the land colour. */
export function paintShade(canvas: HTMLCanvasElement, store: RasterStore, system: System): void {
  const image = new ImageData(system.width, system.height);
  if (system.hillshade !== null) {
    const shade = store.at(system.hillshade);
    for (let i = 0; i < shade.length; i++) {
      if (shade[i] === 0) continue; // outside the ring or sea
      const p = 4 * i;
      if (shade[i] === 1) {
        // off the elevation model: hatched, never silent flat ground
        if (((i % system.width) + Math.floor(i / system.width)) % 6 < 2) image.data.set([96, 96, 96, 150], p);
        continue;
      }
      const light = (shade[i] - 2) / 252 - 0.5;
      const tone = light > 0 ? 255 : 40;
      image.data.set([tone, tone, tone, Math.min(255, Math.abs(light) * 2 * 190)], p);
    }
  }
  canvas.width = system.width;
  canvas.height = system.height;
  canvas.getContext("2d")!.putImageData(image, 0, 0);
}
