/** Builds the viewer into .dist/viewer: a folder of static files with relative addresses, which needs no network. */
import { defineConfig } from "vite";

export default defineConfig({
  root: import.meta.dirname,
  base: "./",
  build: { outDir: "../.dist/viewer", emptyOutDir: true, target: "es2022", cssTarget: ["chrome123", "firefox120", "safari17.5"], chunkSizeWarningLimit: 2000 },
  worker: { format: "es" },
});
