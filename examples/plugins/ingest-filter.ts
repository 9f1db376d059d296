/**
 * Keeps out what nobody wants to store. In the configuration:
 *
 *   "Plugins": ["examples/plugins/ingest-filter.ts"],
 *   "IngestFilter": { "Modalities": ["CT", "MR"], "PatientIDRequired": true }
 *
 * What is left out is answered with success, as if it had been stored, so that the sender does not send it again.
 */
import { ServerError, type IngestFilter, type Log, type Plugin } from "greyhaven/plugin";

interface Rules {
  /** Undefined: all. */
  readonly modalities: ReadonlySet<string> | undefined;
  readonly patientIdRequired: boolean;
}

const Modality = 0x00080060;

const ingestFilter: Plugin = {
  id: "ingest-filter",
  version: "1.0.0",
  description: "Keeps out instances that are not wanted",
  isEnabled: (configuration) => configuration.section("IngestFilter") !== undefined,
  async start(server) {
    server.registerIngestFilter(filter(readRules(server.section("IngestFilter")), server.log));
    return {};
  },
};

export default ingestFilter;

/** True lets an instance in. The header is everything before the pixel data. */
function filter({ modalities, patientIdRequired }: Rules, log: Log): IngestFilter {
  return ({ header, uids, origin }) => {
    const modality = header.dataset.text(Modality) ?? "";
    const isWanted = modalities === undefined || modalities.has(modality);
    const isComplete = !patientIdRequired || uids.PatientID !== "";
    if (isWanted && isComplete) return true;
    const sender = origin.remoteAet ?? origin.remoteIp ?? origin.kind;
    log.info(`left out ${uids.SOPInstanceUID} (${modality}) from ${sender}`);
    return false;
  };
}

function readRules(section: unknown): Rules {
  const { Modalities, PatientIDRequired = false }: Readonly<Record<string, unknown>> =
    typeof section === "object" && section !== null ? { ...section } : {};
  if (Modalities !== undefined && !Array.isArray(Modalities)) {
    throw new ServerError("BadFileFormat", "IngestFilter.Modalities: expected an array of texts");
  }
  if (typeof PatientIDRequired !== "boolean") {
    throw new ServerError("BadFileFormat", "IngestFilter.PatientIDRequired: expected true or false");
  }
  return {
    modalities: Modalities === undefined ? undefined : new Set(Modalities.map(String)),
    patientIdRequired: PatientIDRequired,
  };
}
