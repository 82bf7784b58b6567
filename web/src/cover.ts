// Thresholds the coded rasters at one height and paints the cells on a canvas.
import type { LinkId, Payload, System } from "./payload";
import { unpack } from "./payload";

export type LinkChoice = LinkId | "advertised" | "nested";

const NESTED: LinkId[] = ["seen", "tracked", "engageable"];

function rgb(hex: string): [number, number, number] {
  const value = parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

export class RasterStore {
  private readonly ready = new Map<number, Uint8Array>();

  constructor(private readonly payload: Payload) {}

  async get(index: number, system: System): Promise<Uint8Array> {
    let codes = this.ready.get(index);
    if (!codes) {
      codes = await unpack(this.payload.rasters[index], system.width, system.height);
      this.ready.set(index, codes);
    }
    return codes;
  }
}

export interface Painted {
  cells: number;
  hash: string;
  box: [number, number, number, number] | null; // left, top, right, bottom as shares of the canvas
}

/** Paint the chosen link (or the three nested ones) at level index `level`; returns what was painted. */
export async function paintCover(
  canvas: HTMLCanvasElement, payload: Payload, store: RasterStore, system: System, target: string, link: LinkChoice, level: number,
): Promise<Painted> {
  const wanted = link === "nested" ? NESTED : link === "advertised" ? [] : [link];
  const image = new ImageData(system.width, system.height);
  const pixels = image.data;
  const shown = new Uint8Array(system.width * system.height);
  for (const id of wanted) {
    const layer = system.layers.find((l) => l.target === target && l.link === id);
    const colour = payload.links.find((l) => l.id === id)?.colour;
    if (!layer || !colour) continue;
    const [red, green, blue] = rgb(colour);
    const lowest = await store.get(layer.lowest, system);
    const ceiling = await store.get(layer.ceiling, system);
    for (let i = 0; i < lowest.length; i++) {
      const code = lowest[i];
      if (code === 0 || code > level + 1 || ceiling[i] < level + 1) continue;
      shown[i] = 1;
      const p = 4 * i;
      pixels[p] = red;
      pixels[p + 1] = green;
      pixels[p + 2] = blue;
      pixels[p + 3] = 178;
    }
  }
  canvas.width = system.width;
  canvas.height = system.height;
  canvas.getContext("2d")!.putImageData(image, 0, 0);
  let hash = 0x811c9dc5;
  for (let i = 0; i < pixels.length; i++) hash = Math.imul(hash ^ pixels[i], 0x01000193);
  let cells = 0;
  let left = system.width, right = -1, top = system.height, bottom = -1;
  shown.forEach((one, i) => {
    if (!one) return;
    cells++;
    const column = i % system.width, row = (i - column) / system.width;
    left = Math.min(left, column);
    right = Math.max(right, column + 1);
    top = Math.min(top, row);
    bottom = Math.max(bottom, row + 1);
  });
  const box: Painted["box"] = cells ? [left / system.width, top / system.height, right / system.width, bottom / system.height] : null;
  return { cells, hash: (hash >>> 0).toString(16), box };
}

/** Paint the terrain shading as black or white veils over the land colour. */
export async function paintShade(canvas: HTMLCanvasElement, store: RasterStore, system: System): Promise<void> {
  const image = new ImageData(system.width, system.height);
  if (system.hillshade !== null) {
    const shade = await store.get(system.hillshade, system);
    for (let i = 0; i < shade.length; i++) {
      if (shade[i] === 0) continue; // outside the ring or sea
      const p = 4 * i;
      if (shade[i] === 1) {
        // off the elevation model: hatched, never silent flat ground
        if (((i % system.width) + Math.floor(i / system.width)) % 6 < 2) image.data.set([96, 96, 96, 150], p);
        continue;
      }
      const light = (shade[i] - 2) / 252 - 0.5;
      pixelsFill(image.data, p, light);
    }
  }
  canvas.width = system.width;
  canvas.height = system.height;
  canvas.getContext("2d")!.putImageData(image, 0, 0);
}

function pixelsFill(pixels: Uint8ClampedArray, p: number, light: number): void {
  const tone = light > 0 ? 255 : 40;
  pixels[p] = tone;
  pixels[p + 1] = tone;
  pixels[p + 2] = tone;
  pixels[p + 3] = Math.min(255, Math.abs(light) * 2 * 190);
}
