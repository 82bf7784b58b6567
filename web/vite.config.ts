import { defineConfig } from "vite";

// Two classic scripts, no module, no chunk: both go into one HTML file and run from file://.
// PIECE=worker builds the map library's worker, PIECE=report (default) the page.
const worker = process.env.PIECE === "worker";

export default defineConfig({
  build: {
    outDir: "../src/ringtrue/report/static",
    emptyOutDir: false,
    target: "es2022",
    sourcemap: false,
    cssCodeSplit: false,
    lib: {
      entry: worker ? "node_modules/maplibre-gl/dist/maplibre-gl-worker.mjs" : "src/main.ts",
      formats: ["iife"],
      name: worker ? "ringtrueWorker" : "ringtrueReport",
      fileName: () => (worker ? "worker.js" : "report.js"),
      cssFileName: "report",
    },
  },
});
