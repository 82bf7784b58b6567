// The report page: reads the data in the page, joins map, slider, switches, read-out and chart.
import "maplibre-gl/dist/maplibre-gl.css";
import "./numbers";
import { drawRadius } from "./chart";
import type { LinkChoice } from "./cover";
import { paintCover, paintShade, RasterStore } from "./cover";
import type { LiveMap } from "./map";
import { buildMap, hasWebGL } from "./map";
import type { Payload, System } from "./payload";
import { readPayload } from "./payload";

interface Choice {
  system: System;
  target: string;
  link: LinkChoice;
  level: number;
}

const byId = <T extends HTMLElement>(id: string) => document.getElementById(id) as T;

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

function fillReadout(payload: Payload, choice: Choice): void {
  const host = byId("readout");
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
    link.href = "#parameters";
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

function showChart(payload: Payload, choice: Choice): void {
  const host = document.getElementById("radius-live");
  if (!host) return;
  const wanted = choice.link === "nested" || choice.link === "advertised" ? "engageable" : choice.link;
  const link = choice.system.radius.some((r) => r.link === wanted) ? wanted : "seen";
  const near = nearestAudited(payload, payload.levels_m[choice.level]);
  const fitting = choice.system.radius.filter((r) => r.link === link && r.height_m !== null && r.height_m === near?.height_m);
  const radius = fitting.find((r) => r.target === choice.target) ?? fitting[0];
  const label = payload.links.find((l) => l.id === link)!;
  const caption = byId("radius-caption");
  const drawn = radius?.target ?? choice.target;
  const target = payload.targets.find((t) => t.id === drawn)?.name ?? drawn;
  const instead = drawn === choice.target ? "" : " Radii by azimuth were computed for this target only.";
  caption.textContent = `${choice.system.name}, ${target}${radius ? `, ${radius.height}` : ""}: ${label.label.toLowerCase()}. Line: median; band: 5 to 95 % of draws.${instead}`;
  drawRadius(host, choice.system, radius, label.colour);
}

function chosen(name: string): string {
  return document.querySelector<HTMLInputElement>(`input[name="${name}"]:checked`)?.value ?? "";
}

function readChoice(payload: Payload): Choice {
  return {
    system: payload.systems.find((s) => s.id === chosen("system")) ?? payload.systems[0],
    target: byId<HTMLSelectElement>("target").value,
    link: chosen("link") as LinkChoice,
    level: Number(byId<HTMLInputElement>("height").value),
  };
}

async function start(payload: Payload): Promise<void> {
  const figure = byId("map-figure");
  const slider = byId<HTMLInputElement>("height");
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
    const choice = readChoice(payload);
    const height_m = payload.levels_m[choice.level];
    byId("height-text").textContent = heightText(height_m);
    slider.setAttribute("aria-valuetext", `${heightText(height_m)} above ground`);
    for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-height]")) {
      button.setAttribute("aria-pressed", String(Math.abs(Number(button.dataset.height) - height_m) < 1e-6));
    }
    fillReadout(payload, choice);
    showChart(payload, choice);
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

  byId("controls").addEventListener("input", () => void update());
  byId("controls").addEventListener("submit", (event) => event.preventDefault());
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-height]")) {
    button.addEventListener("click", () => {
      slider.value = String(nearestLevel(payload.levels_m, Number(button.dataset.height)));
      void update();
    });
  }
  for (const button of document.querySelectorAll<HTMLElement>("[data-show]")) {
    button.addEventListener("click", () => {
      const [system, target, height] = (button.dataset.show ?? "").split("|");
      const radio = document.querySelector<HTMLInputElement>(`input[name="system"][value="${system}"]`);
      if (radio) radio.checked = true;
      byId<HTMLSelectElement>("target").value = target;
      slider.value = String(nearestLevel(payload.levels_m, Number(height)));
      void update();
      byId("map-figure").scrollIntoView({ block: "start" });
    });
  }
  byId("zoom-ring").addEventListener("click", () => live?.zoomTo(readChoice(payload).system, null));
  byId("zoom-area").addEventListener("click", () => live?.zoomTo(readChoice(payload).system, shownBox));
  window.addEventListener("resize", () => showChart(payload, readChoice(payload)));
  document.documentElement.classList.add("script");

  if (hasWebGL()) {
    const choice = readChoice(payload);
    document.documentElement.classList.add("live");
    try {
      await paintShade(shade, store, choice.system);
      await paintCover(cover, payload, store, choice.system, choice.target, choice.link, choice.level);
      live = await buildMap(payload, byId("map"), shade, cover, choice.system);
      shownSystem = choice.system;
      live.map.once("idle", () => (figure.dataset.idle = "true"));
    } catch (error) {
      document.documentElement.classList.remove("live");
      byId("no-map").textContent = `The moving map could not start (${error instanceof Error ? error.message : String(error)}); the picture shows the same data at one height.`;
    }
  } else {
    byId("no-map").textContent = "This browser offers no WebGL, so the moving map is replaced by a picture at one height.";
  }
  await update();
  figure.dataset.ready = live ? "map" : "picture";
}

const payload = readPayload();
if (payload?.systems.length) void start(payload);
