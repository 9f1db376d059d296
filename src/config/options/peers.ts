import { implemented, required, withoutEffect } from "../option.ts";
import { boolean, count, path, text, textMap } from "../option-types.ts";

/** One remote server of `OrthancPeers`. */
export const peerOptions = {
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
};
