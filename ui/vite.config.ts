import { defineConfig } from "vite";

/** Builds the web interface to static files; every address is relative, so that it works below any sub-path of a proxy. */
export default defineConfig({
  root: import.meta.dirname,
  base: "./",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: { outDir: "../dist-ui", emptyOutDir: true, sourcemap: false, target: "es2022" },
});
