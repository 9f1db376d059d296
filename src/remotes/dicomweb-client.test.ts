import { describe, expect, it } from "vitest";
import type { ClientRequest, ClientResponse } from "../http/client.ts";
import { createDicomWebClient } from "./dicomweb-client.ts";
import { parseDicomWebServer } from "./dicomweb-server-definition.ts";
import type { DicomWebServer } from "./dicomweb-servers.ts";

const response: ClientResponse = {
  status: 200,
  headers: {},
  body: (async function* () {})(),
  bytes: async () => Buffer.alloc(0),
  text: async () => "",
  discard: async () => {},
};

async function requestOf(server: DicomWebServer, headers: Record<string, string> = {}): Promise<ClientRequest> {
  const sent: ClientRequest[] = [];
  const client = createDicomWebClient({
    servers: { get: (name) => (name === "pacs" ? server : undefined) },
    http: {
      request: async (request) => {
        sent.push(request);
        return response;
      },
      close: async () => {},
    },
    readText: async (path) => `text of ${path}`,
  });
  await client.send("pacs", { method: "GET", path: "/studies", headers });
  const [request] = sent;
  if (request === undefined) throw new Error("nothing was sent");
  return request;
}

describe("createDicomWebClient", () => {
  it("sends Basic credentials (RFC 7617) and the server's headers, which the request's go before", async () => {
    const server = parseDicomWebServer("pacs", {
      Url: "http://host/",
      Username: "Aladdin",
      Password: "open sesame",
      HttpHeaders: { "X-One": "1", "X-Two": "2" },
    });
    const { headers } = await requestOf(server, { "x-two": "other" });
    expect(headers).toEqual({ authorization: "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==", "x-one": "1", "x-two": "other" });
  });

  it("hands over credentials, the time-out and the client certificate", async () => {
    const credentials = { headers: async () => ({}) };
    const server = parseDicomWebServer("pacs", {
      Url: "http://host/",
      Timeout: 7,
      CertificateFile: "cert.pem",
      CertificateKeyFile: "key.pem",
      CertificateKeyPassword: "secret",
    });
    const request = await requestOf({ ...server, credentials });
    expect(request.credentials).toBe(credentials);
    expect(request.connection).toEqual({
      timeout: 7,
      clientCertificate: { certificate: "text of cert.pem", key: "text of key.pem", passphrase: "secret" },
    });
  });

  it("does not know other servers", async () => {
    const client = createDicomWebClient({
      servers: { get: () => undefined },
      http: { request: async () => response, close: async () => {} },
      readText: async () => "",
    });
    await expect(client.send("other", { method: "GET", path: "" })).rejects.toThrow(
      'no DICOMweb server is called "other"',
    );
  });
});
