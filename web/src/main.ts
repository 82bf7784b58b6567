// The report page: reads the data in the page, joins map, slider, switches, read-out and chart.
import "maplibre-gl/dist/maplibre-gl.css";
import "./numbers";
import { drawRadius } from "./chart";
import type { LinkChoice } from "./cover";
import { paintCover, paintShade, RasterStore } from "./cover";
import type { LiveMap } from "./map";
import { buildMap, hasWebGL } from "./map";
import type { Payload, System } from "./payload";
import { blockData } from "./payload";

interface Choice {
  system: System;
  target: string;
  link: LinkChoice;
  level: number;
}

/** The parts of one block of a map, and the tables and figures of the document that follow it. */
interface Parts {
  block: HTMLElement;
  part<T extends HTMLElement>(name: string): T;
  followers: HTMLElement[];
}

function partsOf(block: HTMLElement): Parts {
  return {
    block,
    part: <T extends HTMLElement>(name: string) => block.querySelector(`[data-part="${name}"]`) as T,
    followers: [...document.querySelectorAll<HTMLElement>(`[data-follows="${block.dataset.map}"]`)],
  };
}

function heightText(height_m: number): string {
  return height_m < 1000 ? `${Math.round(height_m)} m` : `${(height_m / 1000).toLocaleString("en", { maximumFractionDigits: 2 })} km`;
}

function nearestLevel(levels: number[], height_m: number): number {
  let best = 0;
  levels.forEach((level, i) => {
    if (Math.abs(Math.log(level / height_m)) < Math.abs(Math.log(levels[best] / height_m))) best = i;
  });
  return best;
}

function nearestAudited(payload: Payload, height_m: number): { height_m: number; exact: boolean } | null {
  const heights = payload.audited_heights_m;
  if (!heights.length) return null;
  const near = heights.reduce((a, b) => (Math.abs(Math.log(b / height_m)) < Math.abs(Math.log(a / height_m)) ? b : a));
  return { height_m: near, exact: Math.abs(near - height_m) < 1e-6 };
}

function fillReadout(host: HTMLElement, payload: Payload, choice: Choice): void {
  const height_m = payload.levels_m[choice.level];
  const near = nearestAudited(payload, height_m);
  const rows = choice.system.rows.filter((row) => row.target === choice.target);
  const row = near?.exact ? rows.find((r) => r.height_m === near.height_m) : undefined;
  host.replaceChildren();
  const title = document.createElement("h3");
  const target = payload.targets.find((t) => t.id === choice.target)?.name ?? choice.target;
  title.textContent = `${choice.system.name} against ${target} at ${row?.height ?? `${heightText(height_m)} above ground`}`;
  host.append(title);
  if (!row) {
    const note = document.createElement("p");
    note.className = "note";
    const heights = payload.audited_heights_m.map(heightText).join(", ");
    note.textContent = heights
      ? `Here the map shows the middle value only. Areas with intervals were computed at ${heights} above ground (the buttons beside the slider) and at the altitudes in the table below.`
      : "Areas with intervals stand in the table below.";
    host.append(note);
    return;
  }
  const list = document.createElement("dl");
  for (const fact of row.facts) {
    const term = document.createElement("dt");
    term.textContent = fact.label;
    const value = document.createElement("dd");
    const link = document.createElement("a");
    link.setAttribute("role", "button");
    link.tabIndex = 0;
    link.dataset.inputs = fact.inputs;
    link.dataset.what = `${fact.label}, ${choice.system.name}, ${target}, ${row.height}`;
    link.textContent = fact.text;
    value.append(link);
    list.append(term, value);
  }
  const term = document.createElement("dt");
  term.textContent = "What binds";
  const value = document.createElement("dd");
  value.textContent = row.binds;
  list.append(term, value);
  host.append(list);
}

function showChart(block: HTMLElement, payload: Payload, choice: Choice): void {
  const host = block.querySelector<HTMLElement>('[data-part="radius"]');
  const caption = block.querySelector<HTMLElement>('[data-part="radius-caption"]');
  if (!host || !caption) return;
  const wanted = choice.link === "nested" || choice.link === "advertised" ? "engageable" : choice.link;
  const link = choice.system.radius.some((r) => r.link === wanted) ? wanted : "seen";
  const near = nearestAudited(payload, payload.levels_m[choice.level]);
  const fitting = choice.system.radius.filter((r) => r.link === link && r.height_m !== null && r.height_m === near?.height_m);
  const radius = fitting.find((r) => r.target === choice.target) ?? fitting[0];
  const label = payload.links.find((l) => l.id === link)!;
  const drawn = radius?.target ?? choice.target;
  const target = payload.targets.find((t) => t.id === drawn)?.name ?? drawn;
  const instead = drawn === choice.target ? "" : " Radii by azimuth were computed for this target only.";
  caption.textContent = `${choice.system.name}, ${target}${radius ? `, ${radius.height}` : ""}: ${label.label.toLowerCase()}. Line: median; band: 5 to 95 % of draws.${instead}`;
  drawRadius(host, choice.system, radius, label.colour);
}

function chosen(block: HTMLElement, name: string): string {
  return block.querySelector<HTMLInputElement>(`input[name="${name}"]:checked`)?.value ?? "";
}

function readChoice({ block, part }: Parts, payload: Payload): Choice {
  return {
    system: payload.systems.find((s) => s.id === chosen(block, "system")) ?? payload.systems[0],
    target: part<HTMLSelectElement>("target").value,
    link: chosen(block, "link") as LinkChoice,
    level: Number(part<HTMLInputElement>("height").value),
  };
}

async function start(parts: Parts, payload: Payload): Promise<void> {
  const { block, part, followers } = parts;
  const figure = part("figure");
  const slider = part<HTMLInputElement>("height");
  slider.max = String(payload.levels_m.length - 1);
  slider.value = String(nearestLevel(payload.levels_m, payload.start.height_m));
  const cover = document.createElement("canvas");
  const shade = document.createElement("canvas");
  const store = new RasterStore(payload);
  let live: LiveMap | null = null;
  let shownSystem: System | null = null;
  let turn = 0;
  let shownBox: [number, number, number, number] | null = null;

  async function update(): Promise<void> {
    const mine = ++turn;
    const choice = readChoice(parts, payload);
    const height_m = payload.levels_m[choice.level];
    part("height-text").textContent = heightText(height_m);
    slider.setAttribute("aria-valuetext", `${heightText(height_m)} above ground`);
    for (const button of block.querySelectorAll<HTMLButtonElement>("button[data-height]")) {
      button.setAttribute("aria-pressed", String(Math.abs(Number(button.dataset.height) - height_m) < 1e-6));
    }
    fillReadout(part("readout"), payload, choice);
    for (const follower of followers) showChart(follower, payload, choice);
    if (!live) return;
    if (shownSystem !== choice.system) await paintShade(shade, store, choice.system);
    const painted = await paintCover(cover, payload, store, choice.system, choice.target, choice.link, choice.level);
    if (mine !== turn) return;
    if (shownSystem !== choice.system) live.showSystem(choice.system);
    shownSystem = choice.system;
    live.refreshCover();
    shownBox = painted.box;
    figure.dataset.cells = String(painted.cells);
    figure.dataset.pixels = painted.hash;
    figure.dataset.state = `${choice.system.id} ${choice.target} ${choice.link} ${height_m}`;
  }

  part("controls").addEventListener("input", () => void update());
  part("controls").addEventListener("submit", (event) => event.preventDefault());
  for (const button of block.querySelectorAll<HTMLButtonElement>("button[data-height]")) {
    button.addEventListener("click", () => {
      slider.value = String(nearestLevel(payload.levels_m, Number(button.dataset.height)));
      void update();
    });
  }
  for (const button of followers.flatMap((one) => [...one.querySelectorAll<HTMLElement>("[data-show]")])) {
    button.addEventListener("click", () => {
      const [system, target, height] = (button.dataset.show ?? "").split("|");
      const radio = block.querySelector<HTMLInputElement>(`input[name="system"][value="${system}"]`);
      if (radio) radio.checked = true;
      part<HTMLSelectElement>("target").value = target;
      slider.value = String(nearestLevel(payload.levels_m, Number(height)));
      void update();
      figure.scrollIntoView({ block: "start" });
    });
  }
  part("zoom-ring").addEventListener("click", () => live?.zoomTo(readChoice(parts, payload).system, null));
  part("zoom-area").addEventListener("click", () => live?.zoomTo(readChoice(parts, payload).system, shownBox));
  window.addEventListener("resize", () => {
    for (const follower of followers) showChart(follower, payload, readChoice(parts, payload));
  });
  for (const one of [block, ...followers]) one.classList.add("script");

  if (hasWebGL()) {
    const choice = readChoice(parts, payload);
    for (const one of [block, ...followers]) one.classList.add("live");
    try {
      await paintShade(shade, store, choice.system);
      await paintCover(cover, payload, store, choice.system, choice.target, choice.link, choice.level);
      live = await buildMap(payload, part("map"), shade, cover, choice.system);
      shownSystem = choice.system;
      live.map.once("idle", () => (figure.dataset.idle = "true"));
    } catch (error) {
      for (const one of [block, ...followers]) one.classList.remove("live");
      part("no-map").textContent = `The moving map could not start (${error instanceof Error ? error.message : String(error)}); the picture shows the same data at one height.`;
    }
  } else {
    part("no-map").textContent = "This browser offers no WebGL, so the moving map is replaced by a picture at one height.";
  }
  await update();
  figure.dataset.ready = live ? "map" : "picture";
}

for (const block of document.querySelectorAll<HTMLElement>("[data-map]")) {
  const payload = blockData(block)?.map;
  if (payload?.systems.length) void start(partsOf(block), payload);
}
