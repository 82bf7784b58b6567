// Writes sources.json beside the built files: a SHA-256 of every input and output, which a test compares.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";

const digest = (path) => createHash("sha256").update(readFileSync(path)).digest("hex");
const built = "../src/ringtrue/report/static";
const inputs = ["package.json", "package-lock.json", "tsconfig.json", "vite.config.ts", ...readdirSync("src").sort().map((name) => `src/${name}`)];
const outputs = ["numbers.css", "numbers.js", "report.css", "report.js", "worker.js"];
const manifest = {
  inputs: Object.fromEntries(inputs.map((path) => [path, digest(path)])),
  outputs: Object.fromEntries(outputs.map((name) => [name, digest(`${built}/${name}`)])),
};
writeFileSync(`${built}/sources.json`, JSON.stringify(manifest, null, 1) + "\n");
