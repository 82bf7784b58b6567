// What the reader has chosen, and how the address of the page says it.
import type { LinkChoice } from "./cover";
import type { Level, Payload, Reference, System } from "./payload";

export interface Choice {
  system: System;
  target: string;
  link: LinkChoice;
  level: Level;
}

const MARK = "#map&";

export function stopsOf(payload: Payload, reference: Reference): number[] {
  return reference === "ground" ? payload.levels_m : payload.altitudes_m;
}

export function nearestStop(stops_m: number[], value_m: number): number {
  let best = 0;
  stops_m.forEach((stop_m, i) => {
    if (Math.abs(Math.log(stop_m / value_m)) < Math.abs(Math.log(stops_m[best] / value_m))) best = i;
  });
  return best;
}

/** The part of the address behind the page's name that opens the same choice again, on the nth map of the page. */
export function addressOf(choice: Choice, nth: number): string {
  const { reference, value_m } = choice.level;
  const said = new URLSearchParams({ system: choice.system.id, target: choice.target, [reference === "ground" ? "height" : "altitude"]: `${value_m}m`, show: choice.link });
  if (nth > 1) said.set("map", String(nth));
  return MARK + said.toString();
}

/** What an address asks for: the choices that this page has, and the words of those it has not; null: it asks nothing of the nth map. */
export function readAddress(payload: Payload, hash: string, nth: number): { asked: Partial<Choice>; unknown: string[] } | null {
  if (!hash.startsWith(MARK)) return null;
  const said = new URLSearchParams(hash.slice(MARK.length));
  if ((said.get("map") ?? "1") !== String(nth)) return null;
  const asked: Partial<Choice> = {};
  const unknown: string[] = [];
  const take = (name: string, keep: (text: string) => boolean) => {
    const text = said.get(name);
    if (text !== null && !keep(text)) unknown.push(`${name} “${text.slice(0, 40)}”`);
  };
  take("system", (text) => Boolean((asked.system = payload.systems.find((one) => one.id === text))));
  take("target", (text) => Boolean((asked.target = payload.targets.find((one) => one.id === text)?.id)));
  take("show", (text) => {
    asked.link = ["nested", "advertised", ...payload.links.map((one) => one.id)].find((one) => one === text) as LinkChoice | undefined;
    return Boolean(asked.link);
  });
  const level = (reference: Reference) => (text: string) => {
    const value_m = /^\d{1,6}(\.\d{1,6})?m$/.test(text) ? Number(text.slice(0, -1)) : NaN;
    const stops = stopsOf(payload, reference);
    if (!(value_m >= stops[0] && value_m <= stops[stops.length - 1])) return false;
    asked.level = { reference, value_m: stops[nearestStop(stops, value_m)] };
    return true;
  };
  take("height", level("ground"));
  take("altitude", level("sea"));
  for (const [name, value] of Object.entries(asked)) if (value === undefined) delete asked[name as keyof Choice];
  return { asked, unknown };
}
