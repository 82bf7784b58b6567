// Two small charts as SVG: radius by azimuth (band from low to high, line at the middle, the advertised ring straight),
// and area by height (a line through every stop of the slider, audited medians with their intervals, the chosen level).
import type { System } from "./payload";
import { heightText, plain } from "./words";

export interface Curve {
  where: string;
  azimuth_deg: number[];
  middle_km: number[];
  low_km?: number[];
  high_km?: number[];
}

const SVG = "http://www.w3.org/2000/svg";

function element(name: string, attributes: Record<string, string | number>, text = ""): SVGElement {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
  if (text) node.textContent = text;
  return node;
}

function niceStep(top: number): number {
  const raw = top / 4;
  const power = 10 ** Math.floor(Math.log10(raw));
  return [1, 2, 2.5, 5, 10].map((m) => m * power).find((s) => s >= raw) ?? raw;
}

export function drawRadius(host: HTMLElement, system: System, radius: Curve, colour: string): void {
  const width = Math.max(300, Math.min(1100, host.clientWidth || 700));
  const height = width < 500 ? 240 : 300;
  const left = 46, right = 12, top = 26, bottom = 46;
  const reach = Math.max(...(radius.high_km ?? radius.middle_km));
  const withRing = system.advertised_km <= 3 * reach;
  const step = niceStep(Math.max(reach, withRing ? system.advertised_km : 0, 1) * 1.04);
  const limit = step * Math.ceil((Math.max(reach, withRing ? system.advertised_km : 0, 1) * 1.04) / step);
  const x = (azimuth: number) => left + (azimuth / 360) * (width - left - right);
  const y = (km: number) => height - bottom - (km / limit) * (height - top - bottom);
  const svg = element("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": `Radius by azimuth, ${radius.where}` });
  for (let km = 0; km <= limit + 1e-9; km += step) {
    svg.append(element("line", { x1: left, x2: width - right, y1: y(km), y2: y(km), stroke: km ? "#dddddd" : "#333333" }));
    svg.append(element("text", { x: left - 6, y: y(km) + 4, "text-anchor": "end", class: "tick" }, `${Math.round(km * 10) / 10}`));
  }
  const names = width < 500 ? ["N", "E", "S", "W", "N"] : ["N", "NE", "E", "SE", "S", "SW", "W", "NW", "N"];
  names.forEach((name, i) => svg.append(element("text", { x: x((360 * i) / (names.length - 1)), y: height - bottom + 17, "text-anchor": i ? (i === names.length - 1 ? "end" : "middle") : "start", class: "tick" }, name)));
  const order = [...radius.azimuth_deg.keys(), 0];
  const at = (i: number, j: number) => (j === order.length - 1 ? 360 : radius.azimuth_deg[i]);
  const path = (values: number[]) => order.map((i, j) => `${x(at(i, j)).toFixed(1)},${y(values[i]).toFixed(1)}`);
  if (radius.low_km && radius.high_km) {
    svg.append(element("polygon", { points: [...path(radius.high_km), ...path(radius.low_km).reverse()].join(" "), fill: colour, opacity: 0.28 }));
  }
  svg.append(element("polyline", { points: path(radius.middle_km).join(" "), fill: "none", stroke: colour, "stroke-width": 1.8, "stroke-linejoin": "round" }));
  if (withRing) {
    const km = system.advertised_km;
    svg.append(element("line", { x1: left, x2: width - right, y1: y(km), y2: y(km), stroke: "#b34700", "stroke-width": 2, "stroke-dasharray": "7 4" }));
    svg.append(element("text", { x: width - right, y: y(km) - 6, "text-anchor": "end", class: "tick ring" }, `advertised ${km} km`));
  } else {
    svg.append(element("text", { x: width - right, y: top - 10, "text-anchor": "end", class: "tick ring" }, `advertised: ${system.advertised_km} km, off the scale`));
  }
  svg.append(element("text", { x: left, y: top - 10, class: "tick" }, width < 500 ? "km" : "km from the site"));
  svg.append(element("text", { x: (left + width - right) / 2, y: height - 8, "text-anchor": "middle", class: "tick" }, "direction from the site"));
  host.replaceChildren(svg);
}

export interface AreaLine {
  colour: string;
  areas_km2: number[]; // at every stop
  audited: { value_m: number; interval_km2: [low: number, median: number, high: number] }[];
}

export function drawAreas(host: HTMLElement, label: string, stops_m: number[], lines: AreaLine[], chosen_m: number, axis: string): void {
  const width = Math.max(280, Math.min(560, host.clientWidth || 320));
  const height = 230, left = 58, right = 14, top = 24, bottom = 42;
  const most = Math.max(1, ...lines.flatMap((line) => [...line.areas_km2, ...line.audited.map((one) => one.interval_km2[2])]));
  const step = niceStep(most);
  const limit = step * Math.ceil(most / step);
  const [first, last] = [stops_m[0], stops_m[stops_m.length - 1]];
  const x = (value_m: number) => left + (Math.log(value_m / first) / Math.log(last / first)) * (width - left - right);
  const y = (km2: number) => height - bottom - (km2 / limit) * (height - top - bottom);
  const svg = element("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": label });
  for (let km2 = 0; km2 <= limit + 1e-9; km2 += step) {
    svg.append(element("line", { x1: left, x2: width - right, y1: y(km2), y2: y(km2), stroke: km2 ? "#dddddd" : "#333333" }));
    svg.append(element("text", { x: left - 6, y: y(km2) + 4, "text-anchor": "end", class: "tick" }, km2 ? plain(km2) : "0"));
  }
  for (const tick_m of [100, 300, 1000, 3000, 10000].filter((tick) => tick >= first && tick <= last)) {
    svg.append(element("text", { x: x(tick_m), y: height - bottom + 17, "text-anchor": "middle", class: "tick" }, heightText(tick_m)));
  }
  svg.append(element("line", { x1: x(chosen_m), x2: x(chosen_m), y1: top - 4, y2: height - bottom, stroke: "#14181b", "stroke-dasharray": "2 3", class: "chosen" }));
  for (const [i, line] of lines.entries()) {
    const aside = 5 * (i - (lines.length - 1) / 2); // bars of one level stand beside each other
    const points = stops_m.map((stop_m, j) => `${x(stop_m).toFixed(1)},${y(line.areas_km2[j]).toFixed(1)}`).join(" ");
    svg.append(element("polyline", { points, fill: "none", stroke: line.colour, "stroke-width": 1.8, "stroke-linejoin": "round" }));
    for (const { value_m, interval_km2: [low, median, high] } of line.audited) {
      svg.append(element("line", { x1: x(value_m) + aside, x2: x(value_m) + aside, y1: y(low), y2: y(high), stroke: line.colour, "stroke-width": 4, opacity: 0.5 }));
      svg.append(element("circle", { cx: x(value_m) + aside, cy: y(median), r: 3, fill: line.colour, stroke: "#ffffff" }));
    }
  }
  svg.append(element("text", { x: left, y: top - 10, class: "tick" }, "km²"));
  svg.append(element("text", { x: (left + width - right) / 2, y: height - 6, "text-anchor": "middle", class: "tick" }, axis));
  host.replaceChildren(svg);
}
