import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { startEmulator } from "./emulator.ts";
import { writeSampleFiles } from "./sample-files.ts";

const usage = `Usage: npm run emulator -- [--port NUMBER] [FOLDER]

Emulates Google's token endpoint and DICOM stores at https://localhost until it is interrupted. Credential files, the
certificate authority and a configuration of Greyhaven are written into FOLDER (absent: a new temporary folder).`;

await run();

async function run(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { port: { type: "string", default: "0" }, help: { type: "boolean", default: false } },
    allowPositionals: true,
  });
  const port = Number(values.port);
  if (values.help || positionals.length > 1 || !Number.isInteger(port) || port < 0 || port > 65_535) {
    console.log(usage);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const [given] = positionals;
  const folder = given === undefined ? await mkdtemp(join(tmpdir(), "greyhaven-emulator-")) : resolve(given);
  const emulator = await startEmulator({ port });
  const configuration = await writeSampleFiles(emulator, folder);
  console.log(`The emulated Google cloud listens at ${emulator.url}

  token endpoint   ${emulator.tokenUrl}
  DICOM stores     ${emulator.baseUrl}
  journal          ${emulator.url}/__emulator/requests
  faults           ${emulator.url}/__emulator/faults
  files            ${folder}

Next, in another terminal:

  npm start -- ${configuration}
`);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void emulator.close());
}
