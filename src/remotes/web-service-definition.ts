import { z } from "zod";
import { ServerError } from "../util/errors.ts";
import type { WebService } from "./web-service.ts";

/** Orthanc writes booleans of a server as JSON booleans, `"true"`/`"false"` or `"1"`/`"0"`. */
export const flag = z
  .union([z.boolean(), z.enum(["0", "1", "true", "false"]), z.literal([0, 1])])
  .transform((value) => value === true || value === 1 || value === "1" || value === "true");

const property = z.union([z.string(), z.number(), z.boolean()]).transform(String);

/** The object form of a service, as it stands in the configuration. */
export const webServiceShape = {
  Url: z.string().min(1),
  Username: z.string().default(""),
  Password: z.string().default(""),
  HttpHeaders: z.record(z.string(), z.string()).default({}),
  CertificateFile: z.string().default(""),
  CertificateKeyFile: z.string().default(""),
  CertificateKeyPassword: z.string().default(""),
  Pkcs11: flag.default(false),
  Timeout: z.coerce.number().min(0).default(0),
};

export type WebServiceForm = z.infer<z.ZodObject<typeof webServiceShape>>;

const arrayForm = z.union([z.tuple([z.string()]), z.tuple([z.string(), z.string(), z.string()])]);

/**
 * Reads a definition: `[url]`, `[url, username, password]` or an object of `shape`, whose other keys are kept as texts.
 * @param what the service, to be named in errors
 * @throws ServerError BadFileFormat naming the key
 */
export function parseForm<Shape extends typeof webServiceShape>(
  what: string,
  shape: Shape,
  definition: unknown,
): z.infer<z.ZodObject<Shape>> {
  const parsed = z.object(shape).catchall(property).safeParse(objectOf(what, definition));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const key = issue === undefined || issue.path.length === 0 ? "" : `${issue.path.join(".")}: `;
  throw badDefinition(what, `${key}${issue?.message ?? "not an object"}`);
}

function objectOf(what: string, definition: unknown): unknown {
  if (!Array.isArray(definition)) return definition;
  const parsed = arrayForm.safeParse(definition);
  if (!parsed.success) throw badDefinition(what, "expected [url] or [url, username, password]");
  const [Url, Username = "", Password = ""] = parsed.data;
  return { Url, Username, Password };
}

function badDefinition(what: string, problem: string): ServerError {
  return new ServerError("BadFileFormat", `${what}: ${problem}`);
}

/** The service of a form that `parseForm` read with `shape`. */
export function webServiceOf(what: string, shape: object, form: WebServiceForm): WebService {
  const { Username, Password, CertificateFile, CertificateKeyFile, CertificateKeyPassword } = form;
  return {
    url: serviceUrl(what, form.Url),
    ...(Username === "" ? {} : { username: Username, password: Password }),
    httpHeaders: form.HttpHeaders,
    ...(CertificateFile === "" ? {} : { certificateFile: CertificateFile }),
    ...(CertificateKeyFile === "" ? {} : { certificateKeyFile: CertificateKeyFile }),
    ...(CertificateKeyPassword === "" ? {} : { certificateKeyPassword: CertificateKeyPassword }),
    pkcs11: form.Pkcs11,
    timeout: form.Timeout,
    userProperties: Object.fromEntries(
      Object.entries(form).flatMap(([key, value]) =>
        Object.hasOwn(shape, key) || typeof value !== "string" ? [] : [[key, value]],
      ),
    ),
  };
}

function serviceUrl(what: string, url: string): string {
  if (!URL.canParse(url) || !/^https?:/i.test(url)) {
    throw badDefinition(what, `Url: expected http://… or https://…, found "${url}"`);
  }
  return url.endsWith("/") ? url : `${url}/`;
}

/** The object form of a service, passwords included: what the database keeps. */
export function webServiceForm(service: WebService): WebServiceForm {
  return {
    Url: service.url,
    Username: service.username ?? "",
    Password: service.password ?? "",
    HttpHeaders: service.httpHeaders,
    CertificateFile: service.certificateFile ?? "",
    CertificateKeyFile: service.certificateKeyFile ?? "",
    CertificateKeyPassword: service.certificateKeyPassword ?? "",
    Pkcs11: service.pkcs11,
    Timeout: service.timeout,
  };
}

/** What clients may see of a service: passwords are null, of headers only the names are listed. */
export function publicWebService(service: WebService): Record<string, unknown> {
  const certificate = {
    CertificateFile: service.certificateFile,
    CertificateKeyFile: null,
    CertificateKeyPassword: null,
  };
  return {
    Url: service.url,
    ...(service.username === undefined ? {} : { Username: service.username, Password: null }),
    ...(service.certificateFile === undefined ? {} : certificate),
    HttpHeaders: Object.keys(service.httpHeaders).toSorted(),
    Pkcs11: service.pkcs11,
    Timeout: service.timeout,
  };
}
