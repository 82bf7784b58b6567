// Radius by azimuth as one small SVG: band from low to high, line at the median, the advertised ring as a straight line.
import type { Radius, System } from "./payload";

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

export function drawRadius(host: HTMLElement, system: System, radius: Radius | undefined, colour: string): void {
  host.replaceChildren();
  if (!radius) {
    const note = document.createElement("p");
    note.className = "note";
    note.textContent = "No radius by azimuth was computed for this choice; pick an audited height.";
    host.append(note);
    return;
  }
  const width = Math.max(300, Math.min(1100, host.clientWidth || 700));
  const height = width < 500 ? 240 : 300;
  const left = 46, right = 12, top = 26, bottom = 46;
  const reach = Math.max(...radius.high_km);
  const withRing = system.advertised_km <= 3 * reach;
  const step = niceStep(Math.max(reach, withRing ? system.advertised_km : 0, 1) * 1.04);
  const limit = step * Math.ceil((Math.max(reach, withRing ? system.advertised_km : 0, 1) * 1.04) / step);
  const x = (azimuth: number) => left + (azimuth / 360) * (width - left - right);
  const y = (km: number) => height - bottom - (km / limit) * (height - top - bottom);
  const svg = element("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": `Radius by azimuth, ${radius.height}` });
  for (let km = 0; km <= limit + 1e-9; km += step) {
    svg.append(element("line", { x1: left, x2: width - right, y1: y(km), y2: y(km), stroke: km ? "#dddddd" : "#333333" }));
    svg.append(element("text", { x: left - 6, y: y(km) + 4, "text-anchor": "end", class: "tick" }, `${Math.round(km * 10) / 10}`));
  }
  const names = width < 500 ? ["N", "E", "S", "W", "N"] : ["N", "NE", "E", "SE", "S", "SW", "W", "NW", "N"];
  names.forEach((name, i) => svg.append(element("text", { x: x((360 * i) / (names.length - 1)), y: height - bottom + 17, "text-anchor": i ? (i === names.length - 1 ? "end" : "middle") : "start", class: "tick" }, name)));
  const order = [...radius.azimuth_deg.keys(), 0];
  const at = (i: number, j: number) => (j === order.length - 1 ? 360 : radius.azimuth_deg[i]);
  const path = (values: number[]) => order.map((i, j) => `${x(at(i, j)).toFixed(1)},${y(values[i]).toFixed(1)}`);
  svg.append(element("polygon", { points: [...path(radius.high_km), ...path(radius.low_km).reverse()].join(" "), fill: colour, opacity: 0.28 }));
  svg.append(element("polyline", { points: path(radius.median_km).join(" "), fill: "none", stroke: colour, "stroke-width": 1.8, "stroke-linejoin": "round" }));
  if (withRing) {
    const km = system.advertised_km;
    svg.append(element("line", { x1: left, x2: width - right, y1: y(km), y2: y(km), stroke: "#b34700", "stroke-width": 2, "stroke-dasharray": "7 4" }));
    svg.append(element("text", { x: width - right, y: y(km) - 6, "text-anchor": "end", class: "tick ring" }, `advertised ${km} km`));
  } else {
    svg.append(element("text", { x: width - right, y: top - 10, "text-anchor": "end", class: "tick ring" }, `advertised: ${system.advertised_km} km, off the scale`));
  }
  svg.append(element("text", { x: left, y: top - 10, class: "tick" }, width < 500 ? "km" : "km from the site"));
  svg.append(element("text", { x: (left + width - right) / 2, y: height - 8, "text-anchor": "middle", class: "tick" }, "direction from the site"));
  host.append(svg);
}
