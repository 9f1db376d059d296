import { z } from "zod";
import { ServerError } from "../util/errors.ts";
import type { DicomWebServer } from "./dicomweb-servers.ts";

/** Orthanc writes booleans of a server as JSON booleans, `"true"`/`"false"` or `"1"`/`"0"`. */
const flag = z
  .union([z.boolean(), z.enum(["0", "1", "true", "false"]), z.literal([0, 1])])
  .transform((value) => value === true || value === 1 || value === "1" || value === "true");

const property = z.union([z.string(), z.number(), z.boolean()]).transform(String);

const objectForm = z
  .object({
    Url: z.string().min(1),
    Username: z.string().default(""),
    Password: z.string().default(""),
    HttpHeaders: z.record(z.string(), z.string()).default({}),
    CertificateFile: z.string().default(""),
    CertificateKeyFile: z.string().default(""),
    CertificateKeyPassword: z.string().default(""),
    Pkcs11: flag.default(false),
    Timeout: z.coerce.number().min(0).default(0),
    HasDelete: flag.default(false),
    ChunkedTransfers: flag.default(true),
    HasWadoRsUniversalTransferSyntax: flag.default(true),
  })
  .catchall(property);

const arrayForm = z.union([z.tuple([z.string()]), z.tuple([z.string(), z.string(), z.string()])]);

type ObjectForm = z.infer<typeof objectForm>;

/**
 * Reads the definition of a DICOMweb server: `[url]`, `[url, username, password]` or an object, as in `DicomWeb.Servers`.
 * @param name the server, to be named in errors
 * @throws ServerError BadFileFormat naming the key
 */
export function parseDicomWebServer(name: string, definition: unknown): DicomWebServer {
  if (Array.isArray(definition)) {
    const parsed = arrayForm.safeParse(definition);
    if (!parsed.success) {
      throw badDefinition(name, "expected [url] or [url, username, password]");
    }
    const [Url, Username = "", Password = ""] = parsed.data;
    return fromObjectForm(name, objectForm.parse({ Url, Username, Password }));
  }
  const parsed = objectForm.safeParse(definition);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const key = issue === undefined || issue.path.length === 0 ? "" : `${issue.path.join(".")}: `;
    throw badDefinition(name, `${key}${issue?.message ?? "not an object"}`);
  }
  return fromObjectForm(name, parsed.data);
}

function badDefinition(name: string, problem: string): ServerError {
  return new ServerError("BadFileFormat", `DICOMweb server "${name}": ${problem}`);
}

function fromObjectForm(name: string, form: ObjectForm): DicomWebServer {
  const { Username, Password, CertificateFile, CertificateKeyFile, CertificateKeyPassword } = form;
  return {
    url: serverUrl(name, form.Url),
    ...(Username === "" ? {} : { username: Username, password: Password }),
    httpHeaders: form.HttpHeaders,
    ...(CertificateFile === "" ? {} : { certificateFile: CertificateFile }),
    ...(CertificateKeyFile === "" ? {} : { certificateKeyFile: CertificateKeyFile }),
    ...(CertificateKeyPassword === "" ? {} : { certificateKeyPassword: CertificateKeyPassword }),
    pkcs11: form.Pkcs11,
    timeout: form.Timeout,
    hasDelete: form.HasDelete,
    chunkedTransfers: form.ChunkedTransfers,
    hasWadoRsUniversalTransferSyntax: form.HasWadoRsUniversalTransferSyntax,
    userProperties: userProperties(form),
  };
}

function userProperties(form: ObjectForm): Record<string, string> {
  return Object.fromEntries(
    Object.entries(form).flatMap(([key, value]) =>
      Object.hasOwn(objectForm.shape, key) || typeof value !== "string" ? [] : [[key, value]],
    ),
  );
}

function serverUrl(name: string, url: string): string {
  if (!URL.canParse(url) || !/^https?:/i.test(url)) {
    throw badDefinition(name, `Url: expected http://… or https://…, found "${url}"`);
  }
  return url.endsWith("/") ? url : `${url}/`;
}

/** The object form of a server, passwords included: what the database keeps. Credentials of plugins have no place in it. */
export function dicomWebServerDefinition(server: DicomWebServer): Record<string, unknown> {
  return {
    Url: server.url,
    Username: server.username ?? "",
    Password: server.password ?? "",
    HttpHeaders: server.httpHeaders,
    CertificateFile: server.certificateFile ?? "",
    CertificateKeyFile: server.certificateKeyFile ?? "",
    CertificateKeyPassword: server.certificateKeyPassword ?? "",
    Pkcs11: server.pkcs11,
    Timeout: server.timeout,
    ...options(server),
    ...server.userProperties,
  };
}

/** What clients may see of a server: passwords are null, of headers only the names are listed. */
export function publicDicomWebServer(server: DicomWebServer): Record<string, unknown> {
  const certificate = {
    CertificateFile: server.certificateFile,
    CertificateKeyFile: null,
    CertificateKeyPassword: null,
  };
  return {
    Url: server.url,
    ...(server.username === undefined ? {} : { Username: server.username, Password: null }),
    ...(server.certificateFile === undefined ? {} : certificate),
    HttpHeaders: Object.keys(server.httpHeaders).toSorted(),
    Pkcs11: server.pkcs11,
    Timeout: server.timeout,
    ...options(server),
    ...server.userProperties,
  };
}

function digit(value: boolean): string {
  return value ? "1" : "0";
}

function options(server: DicomWebServer): Record<string, string> {
  return {
    HasDelete: digit(server.hasDelete),
    ChunkedTransfers: digit(server.chunkedTransfers),
    HasWadoRsUniversalTransferSyntax: digit(server.hasWadoRsUniversalTransferSyntax),
  };
}
