// The map as one picture: what print, a browser without WebGL and a saved file show. Title, legend, caption and source are in it.
import type { Choice } from "./choice";
import { linksOf, mercatorY, paintCover, paintShade } from "./cover";
import type { RasterStore } from "./cover";
import type { Payload, System } from "./payload";
import { linkLabel } from "./words";

export interface Said {
  title: string;
  caption: string; // the numbers of the map
  source: string; // ends with program and date
}

interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

type Place = (longitude_deg: number, latitude_deg: number) => [number, number];

const FONT = "'Liberation Sans', Arial, Helvetica, sans-serif";
const INK = "#14181b", SOFT = "#4b5358", RING = "#b34700", SEA = "#d7e3ea", LAND = "#f3f1ea";
const KM_PER_DEGREE = 111.2;
const MOST_VIEWS = 16;
const INSET_PART = 0.98; // single cells beyond stand on the map itself
const pen = document.createElement("canvas").getContext("2d")!;

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

function widthOf(text: string, size: number, isBold = false): number {
  pen.font = `${isBold ? "bold " : ""}${size}px ${FONT}`;
  return pen.measureText(text).width;
}

function wrapped(text: string, width: number, size: number, isBold = false): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const longer = lines.length ? `${lines[lines.length - 1]} ${word}` : word;
    if (lines.length && widthOf(longer, size, isBold) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

function words(x: number, y: number, text: string, size: number, more = ""): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" font-size="${size}" ${more}>${escaped(text)}</text>`;
}

const HALO = 'paint-order="stroke" stroke="#ffffff" stroke-width="3" stroke-linejoin="round"';

/** The window of a map in degrees and units of Mercator, widened to hold the advertised ring. */
function windowOf(system: System): Box {
  const xs = system.ring.map(([longitude]) => (longitude * Math.PI) / 180);
  const ys = system.ring.map(([, latitude]) => mercatorY(latitude));
  return grown({ left: Math.min(...xs), top: Math.max(...ys), width: Math.max(...xs) - Math.min(...xs), height: Math.max(...ys) - Math.min(...ys) }, 0.04);
}

function grown(box: Box, share: number): Box {
  return { left: box.left - share * box.width, top: box.top + share * box.height, width: (1 + 2 * share) * box.width, height: (1 + 2 * share) * box.height };
}

function placer(view: Box, into: Box): Place {
  return (longitude, latitude) => [
    into.left + (((longitude * Math.PI) / 180 - view.left) / view.width) * into.width,
    into.top + ((view.top - mercatorY(latitude)) / view.height) * into.height,
  ];
}

function line(points: GeoJSON.Position[], place: Place): string {
  return points.map(([longitude, latitude], i) => `${i ? "L" : "M"}${place(longitude, latitude).map((v) => v.toFixed(1)).join(" ")}`).join("");
}

function pathOf(collection: GeoJSON.FeatureCollection, place: Place): string {
  const parts: string[] = [];
  const add = (geometry: GeoJSON.Geometry) => {
    if (geometry.type === "Polygon") parts.push(...geometry.coordinates.map((ring) => `${line(ring, place)}Z`));
    else if (geometry.type === "MultiPolygon") parts.push(...geometry.coordinates.flat().map((ring) => `${line(ring, place)}Z`));
    else if (geometry.type === "LineString") parts.push(line(geometry.coordinates, place));
    else if (geometry.type === "MultiLineString") parts.push(...geometry.coordinates.map((one) => line(one, place)));
    else if (geometry.type === "GeometryCollection") geometry.geometries.forEach(add);
  };
  for (const feature of collection.features) add(feature.geometry);
  return parts.join("");
}

interface Paths {
  land: string;
  lakes: string;
  coast: string;
  borders: string;
}

const drawn = new Map<string, Paths>(); // by what of the base map is seen, and how large

function pathsOf(payload: Payload, view: Box, into: Box, place: Place): Paths {
  const key = [view.left, view.top, view.width, view.height, into.width].join();
  let paths = drawn.get(key);
  if (!paths) {
    const { land, lakes, coast, borders } = payload.basemap;
    paths = { land: pathOf(land, place), lakes: pathOf(lakes, place), coast: pathOf(coast, place), borders: pathOf(borders, place) };
    if (drawn.size >= MOST_VIEWS) drawn.clear();
    drawn.set(key, paths);
  }
  return paths;
}

/** Ground, cover and lines of a map in a box of the picture, cut to it. */
function ground(payload: Payload, system: System, view: Box, into: Box, shade: string, cover: string): string {
  const place = placer(view, { left: 0, top: 0, width: into.width, height: into.height });
  const [west, north] = place(...system.corners[0]);
  const [east, south] = place(...system.corners[2]);
  const raster = (address: string) =>
    `<image href="${address}" x="${west}" y="${north}" width="${east - west}" height="${south - north}" preserveAspectRatio="none" style="image-rendering:pixelated"/>`;
  const { land, lakes, coast, borders } = pathsOf(payload, view, into, place);
  return (
    `<svg x="${into.left}" y="${into.top}" width="${into.width}" height="${into.height}" viewBox="0 0 ${into.width} ${into.height}" overflow="hidden">` +
    `<rect width="100%" height="100%" fill="${SEA}"/><path d="${land}" fill="${LAND}" fill-rule="evenodd"/>${raster(shade)}` +
    `<path d="${lakes}" fill="${SEA}" fill-rule="evenodd"/>${raster(cover)}` +
    `<path d="${coast}" fill="none" stroke="#6d8794" stroke-width="0.8"/>` +
    `<path d="${borders}" fill="none" stroke="#5a5a5a" stroke-width="0.9" stroke-dasharray="4 2"/></svg>`
  );
}

function scaleBar(system: System, view: Box, into: Box, most_km: number): string {
  const km = [200, 100, 50, 20, 10, 5, 2, 1].find((one) => one <= most_km) ?? 1;
  const degrees = km / (KM_PER_DEGREE * Math.cos((system.site.latitude_deg * Math.PI) / 180));
  const length = (((degrees * Math.PI) / 180) / view.width) * into.width;
  const right = into.left + into.width - 12, y = into.top + into.height - 12;
  const bar = (colour: string, width: number) => `<line x1="${right - length}" x2="${right}" y1="${y}" y2="${y}" stroke="${colour}" stroke-width="${width}"/>`;
  return bar("#ffffff", 6) + bar("#111111", 2.6) + words(right - length / 2, y - 6, `${km} km`, 11.5, `text-anchor="middle" ${HALO}`);
}

function siteMark([x, y]: [number, number]): string {
  return `<circle cx="${x}" cy="${y}" r="5.5" fill="#ffffff" stroke="#111111" stroke-width="2.4"/><circle cx="${x}" cy="${y}" r="1.8" fill="#111111"/>`;
}

/** The site and the cities whose names fit beside each other. */
function places(system: System, place: Place, into: Box): string {
  const [x, y] = place(system.site.longitude_deg, system.site.latitude_deg);
  const half = widthOf(system.site.name, 13, true) / 2;
  const taken: Box[] = [{ left: x - half - 3, top: y - 8, width: 2 * half + 6, height: 32 }];
  const parts: string[] = [];
  for (const city of system.cities) {
    const [cx, cy] = place(city.longitude_deg, city.latitude_deg);
    if (cx < into.left + 8 || cx > into.left + into.width - 8 || cy < into.top + 8 || cy > into.top + into.height - 8) continue;
    const width = widthOf(city.name, 11.5) + 10;
    const toLeft = cx + width > into.left + into.width - 4;
    const box = { left: toLeft ? cx - width : cx - 5, top: cy - 8, width: width + 5, height: 16 };
    const isFree = taken.every((o) => box.left > o.left + o.width || o.left > box.left + box.width || box.top > o.top + o.height || o.top > box.top + box.height);
    if (!isFree) continue;
    taken.push(box);
    parts.push(`<circle cx="${cx.toFixed(1)}" cy="${cy.toFixed(1)}" r="2.6" fill="#111111" stroke="#ffffff"/>`);
    parts.push(words(toLeft ? cx - 6 : cx + 6, cy + 4, city.name, 11.5, `${toLeft ? 'text-anchor="end"' : ""} ${HALO}`));
  }
  return parts.join("") + siteMark([x, y]) + words(x, y + 20, system.site.name, 13, `text-anchor="middle" font-weight="bold" ${HALO}`);
}

/** How far from the site (units of Mercator, the larger of east and north) the nearest 98 % of some cells reach. */
function reachOf(system: System, shown: Uint8Array): number {
  const [west, north] = [(system.corners[0][0] * Math.PI) / 180, mercatorY(system.corners[0][1])];
  const step = ((system.corners[2][0] * Math.PI) / 180 - west) / system.width;
  const [column, row] = [((system.site.longitude_deg * Math.PI) / 180 - west) / step, (north - mercatorY(system.site.latitude_deg)) / step];
  const offsets: number[] = [];
  for (let i = 0; i < shown.length; i++) {
    if (shown[i]) offsets.push(Math.max(Math.abs((i % system.width) + 0.5 - column), Math.abs(Math.floor(i / system.width) + 0.5 - row)));
  }
  offsets.sort((a, b) => a - b);
  return offsets.length ? (offsets[Math.floor(INSET_PART * (offsets.length - 1))] + 0.5) * step : 0;
}

/** The middle enlarged in the upper left corner, where nearly all that is painted is small against the ring. */
function inset(payload: Payload, system: System, view: Box, into: Box, shown: Uint8Array, shade: string, cover: string): string {
  const x = (system.site.longitude_deg * Math.PI) / 180, y = mercatorY(system.site.latitude_deg);
  const reach = reachOf(system, shown);
  if (!(reach > 0 && reach < 0.13 * view.width)) return "";
  const near: Box = { left: x - 1.12 * reach, top: y + 1.12 * reach, width: 2.24 * reach, height: 2.24 * reach };
  const side = 0.3 * into.width;
  const corner: Box = { left: into.left, top: into.top, width: side, height: side };
  const [left, top] = placer(view, into)((near.left * 180) / Math.PI, latitudeOf(near.top));
  const framed = (near.width / view.width) * into.width;
  const reach_km = ((reach * 180) / Math.PI) * KM_PER_DEGREE * Math.cos((system.site.latitude_deg * Math.PI) / 180);
  const frame = (fx: number, fy: number, size: number) => `<rect x="${fx}" y="${fy}" width="${size}" height="${size}" fill="none" stroke="${INK}" stroke-width="1.3"/>`;
  return (
    ground(payload, system, near, corner, shade, cover) + siteMark(placer(near, corner)(system.site.longitude_deg, system.site.latitude_deg)) +
    scaleBar(system, near, corner, 0.6 * reach_km) + frame(corner.left, corner.top, side) + frame(left, top, framed)
  );
}

function latitudeOf(y: number): number {
  return (2 * Math.atan(Math.exp(y)) - Math.PI / 2) * (180 / Math.PI);
}

/** Return the picture of a choice as SVG, so many units wide; letters keep their size. */
export function pictureOf(store: RasterStore, choice: Choice, said: Said, width: number): string {
  const { payload } = store, { system } = choice;
  const shade = document.createElement("canvas"), cover = document.createElement("canvas");
  paintShade(shade, store, system);
  const painted = paintCover(cover, store, system, choice.target, choice.link, choice.level);
  const [shadeAddress, coverAddress] = [shade.toDataURL(), cover.toDataURL()];
  const room = width - 16;
  const parts: string[] = [];
  let y = 4;
  const block = (text: string, size: number, more: string, isBold = false) => {
    for (const one of wrapped(text, room, size, isBold)) parts.push(words(8, (y += 1.25 * size), one, size, more));
  };
  block(said.title, 18, `font-weight="bold" fill="${INK}"`, true);
  block(`${system.place}. ${system.positions}`, 12, `fill="${INK}"`);
  y += 8;
  const view = windowOf(system);
  const into: Box = { left: 8, top: y, width: room, height: Math.round((room * view.height) / view.width) };
  const place = placer(view, into);
  const ring = line(system.ring, place);
  parts.push(ground(payload, system, view, into, shadeAddress, coverAddress));
  parts.push(`<path d="${ring}" fill="none" stroke="#ffffff" stroke-width="4.5"/><path d="${ring}" fill="none" stroke="${RING}" stroke-width="2.2" stroke-dasharray="8 5"/>`);
  parts.push(places(system, place, into));
  const [ringX, ringY] = place(...system.ring[0]);
  parts.push(words(ringX, ringY + 4, `advertised: ${system.advertised_km} km`, 12, `text-anchor="middle" font-weight="bold" fill="${RING}" ${HALO}`));
  parts.push(scaleBar(system, view, into, 0.5 * system.advertised_km));
  if (painted.cells) parts.push(inset(payload, system, view, into, painted.shown, shadeAddress, coverAddress));
  parts.push(`<rect x="${into.left}" y="${into.top}" width="${into.width}" height="${into.height}" fill="none" stroke="${SOFT}"/>`);
  y += into.height + 20;
  const keys = linksOf(choice.link).map((id) => ({ label: linkLabel(payload, id), colour: payload.links.find((one) => one.id === id)?.colour ?? "" }));
  let x = 8;
  for (const { label, colour } of [...keys, { label: `Advertised ring, ${system.advertised_km} km`, colour: "" }]) {
    const length = 26 + widthOf(label, 12);
    if (x > 8 && x + length > width - 8) [x, y] = [8, y + 18];
    parts.push(
      colour
        ? `<rect x="${x}" y="${y - 10}" width="18" height="11" fill="${colour}" stroke="${SOFT}" stroke-width="0.6"/>`
        : `<line x1="${x}" x2="${x + 20}" y1="${y - 4}" y2="${y - 4}" stroke="${RING}" stroke-width="2.2" stroke-dasharray="5 3"/>`,
    );
    parts.push(words(x + 25, y, label, 12, `fill="${INK}"`));
    x += length + 18;
  }
  y += 6;
  block(said.caption, 12, `fill="${INK}"`);
  y += 4;
  block(said.source, 10.5, `fill="${SOFT}"`);
  const height = Math.ceil(y + 10);
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="${FONT}" role="img" aria-label="${escaped(said.title)}">` +
    `<rect width="100%" height="100%" fill="#ffffff"/>${parts.join("")}</svg>`
  );
}

/** Return an SVG as PNG, so many pixels to a unit. */
export async function pngOf(svg: string, scale: number): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(scale * image.naturalWidth);
  canvas.height = Math.round(scale * image.naturalHeight);
  canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture could be made"))), "image/png"));
}
