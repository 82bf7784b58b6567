// Numbers and heights in words, as the Python side prints them.
import type { Level, LinkId, Payload, System } from "./payload";

/** So many significant digits, thousands apart: 123,000. */
export function plain(value: number, digits = 3): string {
  return Number(value.toPrecision(digits)).toLocaleString("en", { maximumSignificantDigits: digits });
}

export function percent(share: number): string {
  return `${plain(100 * share, 2)} %`;
}

export function heightText(height_m: number): string {
  return height_m < 1000 ? `${Math.round(height_m)} m` : `${(height_m / 1000).toLocaleString("en", { maximumFractionDigits: 2 })} km`;
}

export function levelText(level: Level): string {
  return `${Math.round(level.value_m).toLocaleString("en")} m above ${level.reference === "ground" ? "ground" : "sea level"}`;
}

export function targetName(payload: Payload, target: string): string {
  return payload.targets.find((one) => one.id === target)?.name ?? target;
}

export function linkLabel(payload: Payload, link: LinkId): string {
  return payload.links.find((one) => one.id === link)?.label ?? link;
}

export function areaText(system: System, area_km2: number): string {
  return `${plain(area_km2)} km² (${percent(area_km2 / system.covered_km2)} of the ring)`;
}

export function sameLevel(a: Level, b: Level): boolean {
  return a.reference === b.reference && Math.abs(a.value_m - b.value_m) < 1e-6;
}
