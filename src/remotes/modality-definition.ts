import { z } from "zod";
import { ServerError } from "../util/errors.ts";
import { manufacturers, type Manufacturer, type Modality } from "./modality.ts";

/** Names of manufacturers that former versions of Orthanc had, and what they mean now. */
const formerManufacturers: Readonly<Record<string, Manufacturer>> = {
  AgfaImpax: "GenericNoWildcardInDates",
  SyngoVia: "GenericNoWildcardInDates",
  EFilm2: "Generic",
  MedInria: "Generic",
  ClearCanvas: "Generic",
  Dcm4Chee: "Generic",
};

const allowed = z.boolean().default(true);

const objectForm = z.object({
  AET: z.string(),
  Host: z.string(),
  /** Clients of Orthanc also write it as text. */
  Port: z.union([
    z.number(),
    z
      .string()
      .regex(/^\s*\d+\s*$/)
      .transform(Number),
  ]),
  Manufacturer: z.string().default("Generic"),
  AllowEcho: allowed,
  AllowFind: allowed,
  AllowFindWorklist: allowed,
  AllowGet: allowed,
  AllowMove: allowed,
  AllowStore: allowed,
  /** Former name of the next two together. */
  AllowStorageCommitment: allowed,
  AllowNAction: z.boolean().optional(),
  AllowEventReport: z.boolean().optional(),
  AllowTranscoding: allowed,
  UseDicomTls: z.boolean().default(false),
  LocalAet: z.string().default(""),
  Timeout: z.int().min(0).default(0),
  RetrieveMethod: z.enum(["SystemDefault", "C-MOVE", "C-GET"]).default("SystemDefault"),
});

const arrayForm = z.union([
  z.tuple([z.string(), z.string(), objectForm.shape.Port]),
  z.tuple([z.string(), z.string(), objectForm.shape.Port, z.string()]),
]);

/**
 * Reads the definition of a modality: `[AET, Host, Port]`, `[AET, Host, Port, Manufacturer]`, or an object, as in
 * `DicomModalities`. `warn` is told of what is obsolete in it. Throws `BadFileFormat` naming the field, `ParameterOutOfRange` for a
 * port or manufacturer that cannot be.
 */
export function parseModality(definition: unknown, warn: (message: string) => void): Modality {
  const form = Array.isArray(definition) ? fromArray(definition) : definition;
  const parsed = objectForm.safeParse(form);
  if (!parsed.success) throw badDefinition(parsed.error);
  const { AllowStorageCommitment, Manufacturer, ...rest } = parsed.data;
  checkPort(rest.Port);
  return {
    ...rest,
    Manufacturer: manufacturerOf(Manufacturer, warn),
    AllowNAction: rest.AllowNAction ?? AllowStorageCommitment,
    AllowEventReport: rest.AllowEventReport ?? AllowStorageCommitment,
  };
}

function fromArray(definition: readonly unknown[]): object {
  const parsed = arrayForm.safeParse(definition);
  if (!parsed.success) {
    throw new ServerError("BadFileFormat", "a modality: expected [AET, Host, Port] or [AET, Host, Port, Manufacturer]");
  }
  const [AET, Host, Port, Manufacturer] = parsed.data;
  return { AET, Host, Port, Manufacturer };
}

function badDefinition(error: z.ZodError): ServerError {
  const [issue] = error.issues;
  const field = issue === undefined || issue.path.length === 0 ? "" : `${issue.path.join(".")}: `;
  return new ServerError("BadFileFormat", `a modality: ${field}${issue?.message ?? "expected an object"}`);
}

function checkPort(port: number): void {
  if (Number.isInteger(port) && port >= 1 && port <= 65535) return;
  throw new ServerError("ParameterOutOfRange", `Port: expected a number from 1 to 65535, found ${port}`);
}

function manufacturerOf(name: string, warn: (message: string) => void): Manufacturer {
  const known = manufacturers.find((manufacturer) => manufacturer === name);
  if (known !== undefined) return known;
  const former = Object.hasOwn(formerManufacturers, name) ? formerManufacturers[name] : undefined;
  if (former !== undefined) {
    warn(`the manufacturer "${name}" is obsolete: write "${former}"`);
    return former;
  }
  throw new ServerError(
    "ParameterOutOfRange",
    `Manufacturer: expected one of ${manufacturers.join(", ")}, found "${name}"`,
  );
}

/** Names of modalities become parts of paths. Throws `BadFileFormat` for others than Orthanc allows. */
export function checkModalityName(name: string): void {
  if (/^[A-Za-z0-9_-]+$/.test(name)) return;
  throw new ServerError("BadFileFormat", `the name of a modality has letters, digits, - and _ only: "${name}"`);
}
