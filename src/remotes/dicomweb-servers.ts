import type { Credentials } from "../http/credentials.ts";

/** A remote DICOMweb server, as configured, put by REST, or registered by a plugin. */
export interface DicomWebServer {
  /** With a trailing slash. */
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  readonly httpHeaders: Readonly<Record<string, string>>;
  readonly certificateFile?: string;
  readonly certificateKeyFile?: string;
  readonly certificateKeyPassword?: string;
  readonly pkcs11: boolean;
  /** Seconds; 0: the client's default. */
  readonly timeout: number;
  readonly hasDelete: boolean;
  readonly chunkedTransfers: boolean;
  readonly hasWadoRsUniversalTransferSyntax: boolean;
  /** Other keys of the definition, shown again by `?expand`. */
  readonly userProperties: Readonly<Record<string, string>>;
  /** Where tokens come from, pulled per request; never stored, never shown. */
  readonly credentials?: Credentials;
}

/** The remote DICOMweb servers of this server, by name. */
export interface DicomWebServers {
  names(): readonly string[];
  get(name: string): DicomWebServer | undefined;
  /** Adds or replaces; kept in the database when `ServersInDatabase`, unless it has `credentials`. */
  put(name: string, server: DicomWebServer): Promise<void>;
  /** False when unknown. */
  delete(name: string): Promise<boolean>;
}
