/** Builds the web interface into `dist-ui/` (npm's `prepare`); without the development dependencies there is nothing to build with. */
const missing = "ERR_MODULE_NOT_FOUND";

try {
  const { build } = await import("vite");
  await build({ configFile: "ui/vite.config.ts", logLevel: "warn" });
} catch (error) {
  if (!(error instanceof Error && "code" in error && error.code === missing)) throw error;
  console.error("The web interface was not built: vite is not installed (npm ci without --omit=dev installs it).");
}
