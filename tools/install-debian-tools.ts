/**
 * Installs the programs that the tests need, where that is possible: as root on Debian or Ubuntu. Elsewhere it says what
 * will be skipped; with CI set a missing program is a failure.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Programs (or files) that tests look for, and the packages that bring them. */
const packages: Readonly<Record<string, string>> = {
  dcmdump: "dcmtk",
  gdcmconv: "libgdcm-tools",
  opj_decompress: "libopenjp2-tools",
  dciodvfy: "dicom3tools",
  nginx: "nginx",
  apache2: "apache2",
  chromium: "chromium",
  openssl: "openssl",
  curl: "curl",
  zip: "zip",
  unzip: "unzip",
  "7zz": "7zip",
  python3: "python3",
  Orthanc: "orthanc",
  "/usr/share/orthanc/plugins/libOrthancDicomWeb.so": "orthanc-dicomweb",
};

const policyFile = "/usr/sbin/policy-rc.d";

function isInstalled(tool: string): boolean {
  if (tool.startsWith("/")) return existsSync(tool);
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin"];
  return folders.some((folder) => existsSync(join(folder, tool)));
}

function missingTools(): readonly string[] {
  return Object.keys(packages).filter((tool) => !isInstalled(tool));
}

/** Why nothing can be installed here; undefined when it can. */
function obstacle(): string | undefined {
  if (!existsSync("/usr/bin/apt-get")) return "this is no Debian or Ubuntu (no apt-get)";
  if (process.getuid?.() !== 0) return "this is not run as root";
  return undefined;
}

function aptGet(...argumentList: string[]): boolean {
  const environment = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  console.log(`> apt-get ${argumentList.join(" ")}`);
  return spawnSync("apt-get", argumentList, { stdio: ["ignore", "ignore", "inherit"], env: environment }).status === 0;
}

/** Installs without starting the services: 101 of policy-rc.d means that it is forbidden. */
function install(names: readonly string[]): boolean {
  const ownPolicy = !existsSync(policyFile);
  if (ownPolicy) {
    writeFileSync(policyFile, "#!/bin/sh\nexit 101\n");
    chmodSync(policyFile, 0o755);
  }
  try {
    return aptGet("-qq", "update") && aptGet("-qq", "install", "-y", "--no-install-recommends", ...names);
  } finally {
    if (ownPolicy) rmSync(policyFile, { force: true });
  }
}

function main(): number {
  const before = missingTools();
  if (before.length === 0) return 0;
  const reason = obstacle();
  const installed = reason === undefined && install([...new Set(before.map((tool) => packages[tool] ?? tool))]);
  const after = missingTools();
  if (after.length === 0) return 0;
  const cause = reason ?? (installed ? "their packages do not bring them" : "apt-get failed");
  console.log(`Not installed, because ${cause}; tests that need them are skipped: ${after.join(", ")}`);
  return process.env["CI"] === undefined ? 0 : 1;
}

process.exitCode = main();
