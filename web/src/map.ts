// The map: base layers, terrain shading, cover, ring, site, cities. No request is made; every source is in the page.
import * as maplibre from "maplibre-gl";
import type { Payload, System } from "./payload";

const LAND = "#f3f1ea";
const SEA = "#d7e3ea";

function startWorkerFromPage(): void {
  const script = document.getElementById("ringtrue-worker")?.textContent;
  if (!script) throw new Error("the map worker is missing from the page");
  // The library starts a classic worker only for an address that ends in .cjs; the fragment says so.
  const blob = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  maplibre.setWorkerUrl(`${blob}#worker.cjs`);
  maplibre.setWorkerCount(1);
}

export function hasWebGL(): boolean {
  const probe = document.createElement("canvas");
  return Boolean(probe.getContext("webgl2"));
}

function point(longitude: number, latitude: number, properties: GeoJSON.GeoJsonProperties): GeoJSON.Feature {
  return { type: "Feature", properties, geometry: { type: "Point", coordinates: [longitude, latitude] } };
}

export function ringFeature(system: System): GeoJSON.FeatureCollection {
  return { type: "FeatureCollection", features: [{ type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: system.ring } }] };
}

export function pointFeatures(system: System): { cities: GeoJSON.FeatureCollection; site: GeoJSON.FeatureCollection } {
  const cities = system.cities.map((city) => point(city.longitude_deg, city.latitude_deg, { name: city.name, population: city.population }));
  const site = point(system.site.longitude_deg, system.site.latitude_deg, { name: system.site.name });
  return { cities: { type: "FeatureCollection", features: cities }, site: { type: "FeatureCollection", features: [site] } };
}

export function ringBounds(systems: System[]): maplibre.LngLatBounds {
  const bounds = new maplibre.LngLatBounds();
  for (const system of systems) for (const corner of system.ring) bounds.extend(corner);
  return bounds;
}

export interface LiveMap {
  map: maplibre.Map;
  showSystem(system: System): void;
  refreshCover(): void;
  zoomTo(system: System, box: [number, number, number, number] | null): void;
}

/** Build the map; resolves when the first picture stands. */
export function buildMap(payload: Payload, container: HTMLElement, shade: HTMLCanvasElement, cover: HTMLCanvasElement, first: System): Promise<LiveMap> {
  startWorkerFromPage();
  const data = (collection: GeoJSON.FeatureCollection) => ({ type: "geojson" as const, data: collection });
  const points = pointFeatures(first);
  const font = ["Liberation Sans", "Arial", "Helvetica", "sans-serif"];
  const map = new maplibre.Map({
    container,
    bounds: ringBounds(payload.systems),
    fitBoundsOptions: { padding: 18 },
    maxZoom: 10,
    minZoom: 3,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    cooperativeGestures: true,
    fadeDuration: 0,
    style: {
      version: 8,
      sources: {
        land: data(payload.basemap.land),
        lakes: data(payload.basemap.lakes),
        borders: data(payload.basemap.borders),
        coast: data(payload.basemap.coast),
        ring: data(ringFeature(first)),
        cities: data(points.cities),
        site: data(points.site),
      },
      layers: [
        { id: "sea", type: "background", paint: { "background-color": SEA } },
        { id: "land", type: "fill", source: "land", paint: { "fill-color": LAND, "fill-antialias": false } },
        { id: "lakes", type: "fill", source: "lakes", paint: { "fill-color": SEA } },
        { id: "coast", type: "line", source: "coast", paint: { "line-color": "#6d8794", "line-width": 0.8 } },
        { id: "borders", type: "line", source: "borders", paint: { "line-color": "#5a5a5a", "line-width": 0.9, "line-dasharray": [4, 2] } },
        { id: "ring-halo", type: "line", source: "ring", paint: { "line-color": "#ffffff", "line-width": 4.5, "line-opacity": 0.8 } },
        { id: "ring", type: "line", source: "ring", paint: { "line-color": "#b34700", "line-width": 2.2, "line-dasharray": [3, 1.6] } },
        {
          id: "city-dots", type: "circle", source: "cities",
          paint: { "circle-radius": 2.6, "circle-color": "#111111", "circle-stroke-color": "#ffffff", "circle-stroke-width": 1 },
        },
        {
          id: "site-dot", type: "circle", source: "site",
          paint: { "circle-radius": 6, "circle-color": "#ffffff", "circle-stroke-color": "#111111", "circle-stroke-width": 2.4 },
        },
        { id: "site-core", type: "circle", source: "site", paint: { "circle-radius": 2, "circle-color": "#111111" } },
        {
          id: "city-names", type: "symbol", source: "cities",
          layout: {
            "text-field": ["get", "name"], "text-font": font, "text-size": 12, "text-variable-anchor": ["left", "right", "top", "bottom"],
            "text-radial-offset": 0.55, "symbol-sort-key": ["-", 0, ["get", "population"]], "text-padding": 4,
          },
          paint: { "text-color": "#111111", "text-halo-color": "#ffffff", "text-halo-width": 1.4 },
        },
        {
          id: "site-name", type: "symbol", source: "site",
          layout: { "text-field": ["get", "name"], "text-font": font, "text-size": 13, "text-variable-anchor": ["top", "bottom", "left"], "text-radial-offset": 0.9, "text-allow-overlap": true },
          paint: { "text-color": "#111111", "text-halo-color": "#ffffff", "text-halo-width": 1.8 },
        },
      ],
    },
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new maplibre.NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new maplibre.ScaleControl({ unit: "metric", maxWidth: 120 }), "bottom-right");

  const refresh = (id: string) => {
    const source = map.getSource<maplibre.CanvasSource>(id);
    source?.play();
    source?.pause();
  };
  const live: LiveMap = {
    map,
    showSystem(system) {
      for (const id of ["shade", "cover"]) map.getSource<maplibre.CanvasSource>(id)?.setCoordinates(system.corners);
      refresh("shade");
      map.getSource<maplibre.GeoJSONSource>("ring")?.setData(ringFeature(system));
      const now = pointFeatures(system);
      map.getSource<maplibre.GeoJSONSource>("cities")?.setData(now.cities);
      map.getSource<maplibre.GeoJSONSource>("site")?.setData(now.site);
    },
    refreshCover() {
      refresh("cover");
      map.triggerRepaint();
    },
    zoomTo(system, box) {
      if (!box) {
        map.fitBounds(ringBounds([system]), { padding: 18, animate: false });
        return;
      }
      const northWest = maplibre.MercatorCoordinate.fromLngLat(system.corners[0]);
      const southEast = maplibre.MercatorCoordinate.fromLngLat(system.corners[2]);
      const at = (u: number, v: number) =>
        new maplibre.MercatorCoordinate(northWest.x + u * (southEast.x - northWest.x), northWest.y + v * (southEast.y - northWest.y)).toLngLat();
      map.fitBounds(new maplibre.LngLatBounds(at(box[0], box[3]), at(box[2], box[1])), { padding: 40, animate: false, maxZoom: 10 });
    },
  };
  return new Promise((resolve, reject) => {
    map.once("error", (event) => reject(event.error));
    map.once("load", () => {
      map.addSource("shade", { type: "canvas", canvas: shade, animate: false, coordinates: first.corners });
      map.addSource("cover", { type: "canvas", canvas: cover, animate: false, coordinates: first.corners });
      map.addLayer({ id: "shade", type: "raster", source: "shade", paint: { "raster-fade-duration": 0 } }, "lakes");
      map.addLayer({ id: "cover", type: "raster", source: "cover", paint: { "raster-fade-duration": 0, "raster-resampling": "linear" } }, "coast");
      resolve(live);
    });
  });
}
