import type { IncomingHttpHeaders } from "node:http";
import { describe, expect, it } from "vitest";
import { publicBaseUrl } from "./public-url.ts";

const root = "/dicom-web/";
const url = (headers: IncomingHttpHeaders, secure = false) => publicBaseUrl({ headers, secure }, { root });

describe("publicBaseUrl (behaviour §13)", () => {
  it("takes the Host header, and the scheme of the connection", () => {
    expect(url({ host: "pacs:8042" })).toBe("http://pacs:8042/dicom-web/");
    expect(url({ host: "[::1]:8042" }, true)).toBe("https://[::1]:8042/dicom-web/");
  });

  it("takes X-Forwarded-Host and X-Forwarded-Proto together only", () => {
    const host = "internal";
    expect(url({ host, "x-forwarded-host": "public", "x-forwarded-proto": "https" })).toBe("https://public/dicom-web/");
    expect(url({ host, "x-forwarded-host": "first:1, second", "x-forwarded-proto": "https, http" })).toBe(
      "https://first:1/dicom-web/",
    );
    expect(url({ host, "x-forwarded-host": "public" })).toBe("http://internal/dicom-web/");
    expect(url({ host, "x-forwarded-proto": "https" })).toBe("http://internal/dicom-web/");
  });

  it("takes the first element of Forwarded (RFC 7239)", () => {
    const forwarded = 'for="[2001:db8::1]";Proto=https;host="pacs.example:8443", for=10.0.0.1;host=inner;proto=http';
    expect(url({ host: "internal", forwarded })).toBe("https://pacs.example:8443/dicom-web/");
    expect(url({ host: "internal", forwarded: "for=1.2.3.4" })).toBe("http://internal/dicom-web/");
  });

  it("obeys DicomWeb.Host and Ssl before all", () => {
    const headers = { host: "a", "x-forwarded-host": "b", "x-forwarded-proto": "https" };
    expect(publicBaseUrl({ headers, secure: true }, { host: "c", root })).toBe("http://c/dicom-web/");
    expect(publicBaseUrl({ headers, secure: false }, { host: "c", ssl: true, root: "sub//dicom-web" })).toBe(
      "https://c/sub/dicom-web/",
    );
    expect(publicBaseUrl({ headers: { host: "a" }, secure: false }, { host: "", root: "/" })).toBe("http://a/");
  });

  it("puts the prefix of a proxy before the root, unless the root has it", () => {
    const headers = { host: "a", "x-forwarded-prefix": "/greyhaven/" };
    const at = (root: string) => publicBaseUrl({ headers, secure: false }, { root });
    expect(at("/dicom-web/")).toBe("http://a/greyhaven/dicom-web/");
    expect(at("/greyhaven/dicom-web")).toBe("http://a/greyhaven/dicom-web/");
    expect(url({ host: "a", "x-forwarded-prefix": "/" })).toBe("http://a/dicom-web/");
    expect(url({ host: "a", "x-forwarded-prefix": "//evil" })).toBe("http://a/dicom-web/");
    expect(url({ host: "a", "x-forwarded-prefix": "/../x y" })).toBe("http://a/dicom-web/");
  });

  it.each(["evil/path", 'a"><script>', "user@host", "a b", "host:port", ""])("never copies %j", (host) => {
    expect(url({ host })).toBe("http://localhost/dicom-web/");
    expect(url({ host: "a", "x-forwarded-host": host, "x-forwarded-proto": "https" })).toBe("http://a/dicom-web/");
    expect(url({ host: "a", "x-forwarded-host": "b", "x-forwarded-proto": "javascript" })).toBe("http://a/dicom-web/");
  });
});
