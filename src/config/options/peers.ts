import { known, knownRequired } from "../option.ts";
import { boolean, count, path, text, textMap } from "../option-types.ts";

/** One remote server of `OrthancPeers`. */
export const peerOptions = {
  Url: knownRequired(text, "Its base URL"),
  Username: known(text, "", "Name for HTTP Basic"),
  Password: known(text, "", "Password for HTTP Basic", { secret: true }),
  HttpHeaders: known(textMap, {}, "Headers to add to every request", { secret: true }),
  CertificateFile: known(path, "", "PEM file of the client certificate"),
  CertificateKeyFile: known(path, "", "PEM file of its private key"),
  CertificateKeyPassword: known(text, "", "Password of the private key", { secret: true }),
  Pkcs11: known(boolean, false, "Take the client certificate from the hardware token"),
  Timeout: known(count, 0, "Seconds; 0: HttpTimeout"),
};
