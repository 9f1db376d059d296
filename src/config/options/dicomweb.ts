import { implemented, required, withoutEffect } from "../option.ts";
import { boolean, count, lenientBoolean, oneOf, path, text, textMap, texts } from "../option-types.ts";

/** One remote DICOMweb server of `DicomWeb.Servers`. */
export const dicomWebServerOptions = {
  Url: required(text, "Its base URL"),
  Username: implemented(text, "", "Name for HTTP Basic"),
  Password: implemented(text, "", "Password for HTTP Basic", { secret: true }),
  HttpHeaders: implemented(textMap, {}, "Headers to add to every request", { secret: true }),
  CertificateFile: implemented(path, "", "PEM file of the client certificate"),
  CertificateKeyFile: implemented(path, "", "PEM file of its private key"),
  CertificateKeyPassword: implemented(text, "", "Password of the private key", { secret: true }),
  Pkcs11: withoutEffect(boolean, false, "Take the client certificate from the hardware token", {
    reason: "Node.js cannot use hardware tokens in TLS: give the certificate and its key as files",
    isMissed: true,
  }),
  Timeout: implemented(count, 0, "Seconds; 0: HttpTimeout"),
  HasDelete: implemented(lenientBoolean, false, "It can delete"),
  ChunkedTransfers: implemented(lenientBoolean, true, "Send to it without announcing the length"),
  HasWadoRsUniversalTransferSyntax: implemented(lenientBoolean, true, "It understands transfer-syntax=*"),
};

/** The DICOMweb server and client. */
export const dicomWebOptions = {
  Enable: implemented(boolean, true, "Serve DICOMweb"),
  Root: implemented(text, "/dicom-web/", "Where QIDO-RS, STOW-RS and WADO-RS are served"),
  PublicRoot: implemented(text, "/dicom-web/", "The same as clients see it, when a proxy changes it", {
    sameAs: "Root",
  }),
  EnableWado: implemented(boolean, true, "Serve WADO-URI"),
  WadoRoot: implemented(text, "/wado", "Where WADO-URI is served"),
  Ssl: implemented(boolean, false, "Write https in URLs when Host is given"),
  Host: implemented(text, "", "Host in URLs; empty: as the request says"),
  QidoCaseSensitive: implemented(boolean, false, "Heed the case of letters in QIDO-RS"),
  StudiesMetadata: implemented(
    oneOf("Full", "MainDicomTags", "Extrapolate"),
    "Full",
    "What the metadata of a study are made from: the files (Full), the index (MainDicomTags), or the index and a few files (Extrapolate)",
  ),
  SeriesMetadata: implemented(oneOf("Full", "MainDicomTags", "Extrapolate"), "Full", "The same for a series"),
  StudiesMetadataExtrapolatedTags: implemented(texts, [], "Tags that Extrapolate takes from a few instances"),
  SeriesMetadataExtrapolatedTags: implemented(texts, [], "The same for a series"),
  EnableMetadataCache: implemented(boolean, true, "Keep the metadata of series ready"),
  EnablePerformanceLogs: implemented(boolean, false, "Log how long answers take"),
  MetadataWorkerThreadsCount: implemented(count, 4, "Files that are read at the same time for metadata"),
  WadoRsLoaderThreadsCount: implemented(
    count,
    0,
    "Instances that are made ready at the same time for WADO-RS; 0: one after the other",
  ),
  OtherBinaryMode: implemented(
    oneOf("BulkDataURI", "InlineBinary", "ArrayOfValues"),
    "BulkDataURI",
    "How metadata give binary values other than pixel data",
  ),
  ServersInDatabase: implemented(boolean, false, "Keep the servers in the database instead of the configuration"),
  StowMaxInstances: withoutEffect(count, 10, "Without effect in Orthanc too", {
    reason: "an upload is one request, as in Orthanc since its plugin 1.0",
  }),
  StowMaxSize: withoutEffect(count, 10, "Without effect in Orthanc too", {
    reason: "an upload is one request, as in Orthanc since its plugin 1.0",
  }),
};
