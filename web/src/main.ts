// The report page: reads the data in the page, joins map, slider, switches, read-out, charts, pictures and address.
import "maplibre-gl/dist/maplibre-gl.css";
import "./numbers";
import type { AreaLine } from "./chart";
import { drawAreas, drawRadius } from "./chart";
import type { Choice } from "./choice";
import { addressOf, nearestStop, readAddress, stopsOf } from "./choice";
import type { LinkChoice } from "./cover";
import { holds, linksOf, paintCover, paintShade, RasterStore } from "./cover";
import type { LiveMap } from "./map";
import { buildMap, hasWebGL } from "./map";
import type { Level, LinkId, Payload, Reference, Row, System } from "./payload";
import { blockData } from "./payload";
import { pictureOf, pngOf } from "./picture";
import { areaText, heightText, levelText, linkLabel, sameLevel, targetName } from "./words";

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

const AREAS_NOTE = "Line: every figure at its middle value, counted on the map. Dot and bar: median and 5 to 95 % of draws.";
const PICTURE_UNITS = 740;
const PIXELS_PER_UNIT = 2;

function element(tag: string, text: string, className = ""): HTMLElement {
  const node = document.createElement(tag);
  node.textContent = text;
  if (className) node.className = className;
  return node;
}

function rowOf(choice: Choice): Row | undefined {
  return choice.system.rows.find((row) => row.target === choice.target && sameLevel(row, choice.level));
}

function titleOf(payload: Payload, choice: Choice): string {
  return `${choice.system.name} against ${targetName(payload, choice.target)} at ${levelText(choice.level)}`;
}

/** What every link of the map holds at the chosen level, every figure at its middle value: label and text. */
function middleAreas(store: RasterStore, choice: Choice, links: LinkId[]): [string, string][] {
  const { system, target, level } = choice;
  const place = nearestStop(stopsOf(store.payload, level.reference), level.value_m);
  return links.flatMap((link) => {
    const areas = store.areasByStop(system, target, link, level.reference);
    return areas ? [[linkLabel(store.payload, link), areaText(system, areas[place])] as [string, string]] : [];
  });
}

function fillReadout(host: HTMLElement, store: RasterStore, choice: Choice): void {
  const { payload } = store;
  const row = rowOf(choice);
  const title = titleOf(payload, choice);
  const list = document.createElement("dl");
  if (row) {
    for (const fact of row.facts) {
      const value = document.createElement("dd");
      const link = document.createElement("a");
      link.setAttribute("role", "button");
      link.tabIndex = 0;
      link.dataset.inputs = fact.inputs;
      link.dataset.what = `${fact.label}, ${choice.system.name}, ${targetName(payload, row.target)}, ${row.height}`;
      link.textContent = fact.text;
      value.append(link);
      list.append(element("dt", fact.label), value);
    }
    list.append(element("dt", "What binds"), element("dd", row.binds));
    host.replaceChildren(element("h3", title), list);
    return;
  }
  for (const [label, text] of middleAreas(store, choice, payload.links.map((one) => one.id))) list.append(element("dt", label), element("dd", text));
  const note = list.childElementCount
    ? "Counted on the map, every figure at its middle value. Intervals were computed at the levels named below the slider."
    : "The map holds nothing for this choice.";
  host.replaceChildren(element("h3", title), list, element("p", note, "note"));
}

function showAreas(host: HTMLElement, store: RasterStore, choice: Choice): void {
  const { payload } = store, { system, target, level } = choice;
  const shown = linksOf(choice.link);
  const lines = (shown.length ? shown : linksOf("nested")).flatMap((link): AreaLine[] => {
    const areas_km2 = store.areasByStop(system, target, link, level.reference);
    const rows = system.rows.filter((row) => row.target === target && row.reference === level.reference);
    const audited = rows.flatMap((row) => (row.areas_km2[link] ? [{ value_m: row.value_m, interval_km2: row.areas_km2[link] }] : []));
    return areas_km2 ? [{ colour: payload.links.find((one) => one.id === link)!.colour, areas_km2, audited }] : [];
  });
  const reference = level.reference === "ground" ? "height above ground" : "altitude above sea level";
  const stops_m = stopsOf(payload, level.reference);
  drawAreas(host, `Area by ${reference}: ${system.name} against ${targetName(payload, target)}`, stops_m, lines, level.value_m, reference);
}

/** Draw the radius by azimuth of a choice: with its interval where the audit has one, else counted on the map. */
function showRadius(store: RasterStore, choice: Choice, host: HTMLElement, caption: HTMLElement): void {
  const { payload } = store, { system, target, level } = choice;
  const wanted = choice.link === "nested" || choice.link === "advertised" ? "engageable" : choice.link;
  const audited = system.radius.find((one) => one.target === target && one.link === wanted && sameLevel(one, level));
  const layer = store.layer(system, target, wanted);
  const colour = payload.links.find((one) => one.id === wanted)!.colour;
  const what = `${titleOf(payload, choice)}: ${linkLabel(payload, wanted).toLowerCase()}.`;
  if (audited) {
    drawRadius(host, system, { ...audited, where: audited.height, middle_km: audited.median_km }, colour);
    caption.textContent = `${what} Line: median; band: 5 to 95 % of draws.`;
  } else if (layer) {
    const { azimuth_deg, radius_km } = store.radiusByAzimuth(system, holds(store, system, layer, level));
    drawRadius(host, system, { where: levelText(level), azimuth_deg, middle_km: radius_km }, colour);
    caption.textContent = `${what} Counted on the map in sectors of 5°, every figure at its middle value; no interval was computed for this choice.`;
  } else {
    host.replaceChildren();
    caption.textContent = `${what} The map holds nothing for this choice.`;
  }
}

/** The numbers of a picture in one sentence, those of the links it shows. */
function captionOf(store: RasterStore, choice: Choice): string {
  const links = linksOf(choice.link);
  if (!links.length) return `The advertised ring alone, ${choice.system.advertised_km} km.`;
  const row = rowOf(choice);
  if (!row) {
    const areas = middleAreas(store, choice, links).map(([label, text]) => `${label}: ${text}`);
    return `${areas.join("; ")}. Counted on the map, every figure at its middle value; no interval was computed at this level.`;
  }
  const facts = row.facts.filter((fact) => links.some((link) => [`${link}_area_km2`, `${link}_share`].includes(fact.measure)));
  return `${facts.map((fact) => `${fact.label}: ${fact.text}`).join("; ")}. Median; in brackets 5 to 95 % of draws and the nominal case. The map draws every figure at its middle value.`;
}

function pictureSaid(store: RasterStore, choice: Choice): { title: string; caption: string; source: string } {
  const { payload } = store;
  const day = new Date().toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });
  return { title: titleOf(payload, choice), caption: captionOf(store, choice), source: `${choice.system.origin} ${payload.credits} ${payload.program}, ${day}.` };
}

function chosen(block: HTMLElement, name: string): string {
  return block.querySelector<HTMLInputElement>(`input[name="${name}"]:checked`)?.value ?? "";
}

function check(block: HTMLElement, name: string, value: string): void {
  const radio = [...block.querySelectorAll<HTMLInputElement>(`input[name="${name}"]`)].find((one) => one.value === value);
  if (radio) radio.checked = true;
}

function readLevel({ block, part }: Parts, payload: Payload): Level {
  const reference: Reference = chosen(block, "reference") === "sea" ? "sea" : "ground";
  return { reference, value_m: stopsOf(payload, reference)[Number(part<HTMLInputElement>("height").value)] };
}

function readChoice(parts: Parts, payload: Payload): Choice {
  return {
    system: payload.systems.find((s) => s.id === chosen(parts.block, "system")) ?? payload.systems[0],
    target: parts.part<HTMLSelectElement>("target").value,
    link: chosen(parts.block, "link") as LinkChoice,
    level: readLevel(parts, payload),
  };
}

/** Set the slider to the stop nearest to a level. */
function setLevel({ block, part }: Parts, payload: Payload, level: Level): void {
  const slider = part<HTMLInputElement>("height");
  const stops_m = stopsOf(payload, level.reference);
  slider.max = String(stops_m.length - 1);
  slider.value = String(nearestStop(stops_m, level.value_m));
  check(block, "reference", level.reference);
  part("lowest").textContent = heightText(stops_m[0]);
  part("highest").textContent = heightText(stops_m[stops_m.length - 1]);
  part("reference-words").textContent = level.reference === "ground" ? "Height of the target above ground" : "Altitude of the target above sea level";
}

function setChoice(parts: Parts, payload: Payload, asked: Partial<Choice>): void {
  if (asked.system) check(parts.block, "system", asked.system.id);
  if (asked.target) parts.part<HTMLSelectElement>("target").value = asked.target;
  if (asked.link) check(parts.block, "link", asked.link);
  if (asked.level) setLevel(parts, payload, asked.level);
}

/** A level as the buttons of the page write it: "ground:100". */
function levelOf(text: string): Level {
  const [reference, value_m] = text.split(":");
  return { reference: reference === "sea" ? "sea" : "ground", value_m: Number(value_m) };
}

async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = document.createElement("textarea");
    field.value = text;
    document.body.append(field);
    field.select();
    const isDone = document.execCommand("copy");
    field.remove();
    return isDone;
  }
}

/** Run one block of a map; ``nth`` (from 1) is its place among the maps of the document. */
async function start(parts: Parts, payload: Payload, nth: number): Promise<void> {
  const { block, part, followers } = parts;
  const figure = part("figure");
  const slider = part<HTMLInputElement>("height");
  const cover = document.createElement("canvas");
  const shade = document.createElement("canvas");
  const store = new RasterStore(payload);
  let live: LiveMap | null = null;
  let shownSystem: System | null = null;
  let turn = 0;
  let shownBox: [number, number, number, number] | null = null;
  let shownReference: Reference = payload.start.reference;
  let isAllLoaded = false;

  const radii = followers.flatMap((one) => {
    const host = one.querySelector<HTMLElement>('[data-part="radius"]');
    const caption = one.querySelector<HTMLElement>('[data-part="radius-caption"]');
    return host && caption ? [{ host, caption, plates: one.querySelector<HTMLElement>('[data-part="radius-plates"]') }] : [];
  });
  const tell = (text: string) => (part("map-said").textContent = text);

  function drawPicture(choice: Choice): void {
    const host = part("picture");
    const width = Math.min(PICTURE_UNITS, Math.max(340, host.clientWidth || PICTURE_UNITS));
    host.innerHTML = pictureOf(store, choice, pictureSaid(store, choice), width);
  }

  async function update(): Promise<void> {
    const mine = ++turn;
    const choice = readChoice(parts, payload);
    const { system, target, level } = choice;
    part("height-text").textContent = heightText(level.value_m);
    slider.setAttribute("aria-valuetext", levelText(level));
    for (const button of block.querySelectorAll<HTMLButtonElement>("button[data-level]")) {
      button.setAttribute("aria-pressed", String(sameLevel(levelOf(button.dataset.level ?? ""), level)));
    }
    await store.load(system, [target]);
    if (mine !== turn) return;
    fillReadout(part("readout"), store, choice);
    showAreas(part("areas"), store, choice);
    for (const { host, caption } of radii) showRadius(store, choice, host, caption);
    if (shownSystem !== system) paintShade(shade, store, system);
    const painted = paintCover(cover, store, system, target, choice.link, level);
    if (live && shownSystem !== system) live.showSystem(system);
    if (live) live.refreshCover();
    else if (figure.dataset.ready) drawPicture(choice);
    shownSystem = system;
    shownBox = painted.box;
    figure.dataset.cells = String(painted.cells);
    figure.dataset.pixels = painted.hash;
    figure.dataset.state = `${system.id} ${target} ${choice.link} ${level.value_m}${level.reference === "sea" ? " above sea level" : ""}`;
  }

  let waiting = 0;
  function onChosen(): void {
    tell("");
    void update();
    window.clearTimeout(waiting);
    waiting = window.setTimeout(() => {
      try {
        history.replaceState(null, "", addressOf(readChoice(parts, payload), nth));
      } catch {
        // a frame without an address of its own keeps none; "Copy link" still gives the choice
      }
    }, 200);
  }

  async function onAddress(): Promise<void> {
    const said = readAddress(payload, location.hash, nth);
    if (!said) return;
    setChoice(parts, payload, said.asked);
    shownReference = readLevel(parts, payload).reference;
    if (said.unknown.length) tell(`The address asks for ${said.unknown.join(" and ")}, which this page does not hold.`);
    await update();
    figure.scrollIntoView({ block: "start" });
  }

  /** Fill what is printed: a picture of every system and target at the chosen level and link, the chosen one first. */
  function fillPlates(): void {
    if (!isAllLoaded) return;
    const choice = readChoice(parts, payload);
    const pairs = payload.systems.flatMap((system) => payload.targets.filter(({ id }) => system.layers.some((one) => one.target === id)).map(({ id }) => ({ ...choice, system, target: id })));
    const isChosen = (one: Choice) => one.system === choice.system && one.target === choice.target;
    const first = [...pairs.filter(isChosen), ...pairs.filter((one) => !isChosen(one))];
    part("plates").innerHTML = first.map((one) => pictureOf(store, one, pictureSaid(store, one), PICTURE_UNITS)).join("");
    const chart = element("div", "", "chart");
    part("plates").append(chart, element("p", AREAS_NOTE, "note"));
    showAreas(chart, store, choice);
    chart.prepend(element("h3", `Area by height: ${choice.system.name} against ${targetName(payload, choice.target)}`));
    for (const { plates } of radii) {
      plates?.replaceChildren(
        ...first.filter((one) => one.target === choice.target).flatMap((one) => {
          const [host, caption] = [element("div", ""), element("p", "", "note")];
          showRadius(store, one, host, caption);
          return [host, caption];
        }),
      );
    }
    for (const one of [block, ...followers]) one.classList.add("plated");
  }

  part("areas-note").textContent = AREAS_NOTE;
  setLevel(parts, payload, payload.start);
  part("controls").addEventListener("input", () => {
    const reference: Reference = chosen(block, "reference") === "sea" ? "sea" : "ground";
    if (reference !== shownReference) {
      const value_m = stopsOf(payload, shownReference)[Number(slider.value)];
      const audited = payload.audited[reference];
      setLevel(parts, payload, { reference, value_m: audited.length ? audited[nearestStop(audited, value_m)] : value_m });
      shownReference = reference;
    }
    onChosen();
  });
  part("controls").addEventListener("submit", (event) => event.preventDefault());
  for (const button of block.querySelectorAll<HTMLButtonElement>("button[data-level]")) {
    button.addEventListener("click", () => {
      setLevel(parts, payload, levelOf(button.dataset.level ?? ""));
      shownReference = readLevel(parts, payload).reference;
      onChosen();
    });
  }
  for (const button of followers.flatMap((one) => [...one.querySelectorAll<HTMLElement>("[data-show]")])) {
    button.addEventListener("click", () => {
      const [system, target, level] = (button.dataset.show ?? "").split("|");
      setChoice(parts, payload, { system: payload.systems.find((one) => one.id === system), target, level: levelOf(level) });
      shownReference = readLevel(parts, payload).reference;
      onChosen();
      figure.scrollIntoView({ block: "start" });
    });
  }
  part("zoom-ring").addEventListener("click", () => live?.zoomTo(readChoice(parts, payload).system, null));
  part("zoom-area").addEventListener("click", () => live?.zoomTo(readChoice(parts, payload).system, shownBox));
  part("save").addEventListener("click", () => {
    const choice = readChoice(parts, payload);
    const name = `ringtrue-${choice.system.id}-${choice.target}-${choice.link}-${levelText(choice.level).replaceAll(",", "")}`;
    store
      .load(choice.system, [choice.target])
      .then(() => pngOf(pictureOf(store, choice, pictureSaid(store, choice), PICTURE_UNITS), PIXELS_PER_UNIT))
      .then((picture) => {
        const link = document.createElement("a");
        link.href = URL.createObjectURL(picture);
        link.download = `${name.replaceAll(/[^a-z0-9]+/gi, "-")}.png`;
        link.click();
        window.setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
        tell(`Saved as ${link.download}.`);
      })
      .catch((error: unknown) => tell(`The picture could not be saved (${error instanceof Error ? error.message : String(error)}); print the page instead.`));
  });
  part("copy").addEventListener("click", () => {
    const address = location.href.split("#")[0] + addressOf(readChoice(parts, payload), nth);
    const reach = location.protocol === "file:" ? " It opens this file on this computer; where the page is published, the part from # on opens the same choice." : "";
    void copied(address).then((isDone) => tell(isDone ? `Link copied.${reach}` : `Copy this link: ${address}`));
  });
  window.addEventListener("hashchange", () => void onAddress());
  window.addEventListener("beforeprint", fillPlates);
  window.addEventListener("resize", () => void update());
  for (const one of [block, ...followers]) one.classList.add("script");

  await store.load(readChoice(parts, payload).system, [readChoice(parts, payload).target]);
  if (hasWebGL()) {
    const choice = readChoice(parts, payload);
    for (const one of [block, ...followers]) one.classList.add("live");
    try {
      paintShade(shade, store, choice.system);
      paintCover(cover, store, choice.system, choice.target, choice.link, choice.level);
      live = await buildMap(payload, part("map"), shade, cover, choice.system);
      shownSystem = choice.system;
      live.map.once("idle", () => (figure.dataset.idle = "true"));
    } catch (error) {
      for (const one of [block, ...followers]) one.classList.remove("live");
      part("no-map").textContent = `The moving map could not start (${error instanceof Error ? error.message : String(error)}); the picture shows the same choice.`;
    }
  } else {
    part("no-map").textContent = "This browser offers no WebGL: a picture of the same choice stands in place of the moving map.";
  }
  figure.dataset.ready = live ? "map" : "picture";
  await update();
  await onAddress();
  for (const system of payload.systems) await store.load(system, payload.targets.map((one) => one.id));
  isAllLoaded = true;
  figure.dataset.loaded = "true";
}

for (const [i, block] of [...document.querySelectorAll<HTMLElement>("[data-map]")].entries()) {
  const payload = blockData(block)?.map;
  if (payload?.systems.length) void start(partsOf(block), payload, i + 1);
}
