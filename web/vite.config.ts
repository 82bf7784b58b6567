import { readFileSync } from "node:fs";
import { defineConfig } from "vite";

// Two classic scripts, no module, no chunk: both go into one HTML file and run from file://.
// PIECE=worker builds the map library's worker, PIECE=report (default) the page.
const license = readFileSync("node_modules/maplibre-gl/LICENSE.txt", "utf-8").replaceAll("*/", "* /");
const worker = process.env.PIECE === "worker";

export default defineConfig({
  build: {
    outDir: "../src/ringtrue/report/static",
    emptyOutDir: false,
    target: "es2022",
    sourcemap: false,
    cssCodeSplit: false,
    rolldownOptions: { output: { postBanner: `/*! MapLibre GL JS 6.17.0\n\n${license}*/` } },
    lib: {
      entry: worker ? "node_modules/maplibre-gl/dist/maplibre-gl-worker.mjs" : "src/main.ts",
      formats: ["iife"],
      name: worker ? "ringtrueWorker" : "ringtrueReport",
      fileName: () => (worker ? "worker.js" : "report.js"),
      cssFileName: "report",
    },
  },
});
