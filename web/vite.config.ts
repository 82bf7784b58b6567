import { readFileSync } from "node:fs";
import { defineConfig } from "vite";

// Three classic scripts, no module, no chunk: they go into one HTML file and run from file://.
// PIECE=worker builds the map library's worker, PIECE=numbers the page without a map, PIECE=report (default) that with one.
const license = readFileSync("node_modules/maplibre-gl/LICENSE.txt", "utf-8").replaceAll("*/", "* /");
const piece = process.env.PIECE ?? "report";
const entries: Record<string, string> = {
  worker: "node_modules/maplibre-gl/dist/maplibre-gl-worker.mjs",
  numbers: "src/numbers.ts",
  report: "src/main.ts",
};

export default defineConfig({
  build: {
    outDir: "../src/ringtrue/report/static",
    emptyOutDir: false,
    target: "es2022",
    sourcemap: false,
    cssCodeSplit: false,
    rolldownOptions: piece === "numbers" ? {} : { output: { postBanner: `/*! MapLibre GL JS 6.17.0\n\n${license}*/` } },
    lib: {
      entry: entries[piece],
      formats: ["iife"],
      name: `ringtrue${piece[0].toUpperCase()}${piece.slice(1)}`,
      fileName: () => `${piece}.js`,
      cssFileName: piece,
    },
  },
});
