/**
 * `npm run demo`: the main job on embedded defaults. Starts an emulated Google cloud and Greyhaven, moves images there and back
 * with tokens that Greyhaven obtains by itself, and leaves the web interface open. `--check` ends after the last step.
 */
import { parseArgs } from "node:util";
import { cloudCycle } from "./cloud-cycle.ts";
import { startDemoCloud } from "./demo-cloud.ts";
import { startGreyhaven } from "./greyhaven-process.ts";
import { createNarrator } from "./narrator.ts";
import { whatToTry } from "./what-to-try.ts";

const { values: flags } = parseArgs({
  options: {
    check: { type: "boolean", default: false },
    port: { type: "string", default: "8042" },
    instances: { type: "string", default: "40" },
  },
});

const narrator = createNarrator();
const cloud = await startDemoCloud();
try {
  const server = await narrator.step(
    "Start Greyhaven",
    () => startGreyhaven(cloud.folder, Number(flags.port), cloud.configuration),
    ({ url }) => url,
  );
  try {
    for (const [seed, account] of cloud.accounts.entries()) {
      await cloudCycle({ url: server.url, account, instances: Number(flags.instances), seed, narrator });
    }
    if (!flags.check) {
      console.log(whatToTry(server.url, cloud.accounts));
      await server.ended;
    }
  } finally {
    await server.stop();
  }
} catch (error) {
  if (!narrator.failed) throw error;
  process.exitCode = 1;
} finally {
  await cloud.close();
}
if (flags.check) console.log(narrator.failed ? "\nThe demo failed." : "\nEvery step of the demo succeeded.");
