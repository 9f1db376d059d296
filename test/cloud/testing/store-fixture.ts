import { startEmulator, type Emulator, type EmulatorOptions } from "../emulator.ts";
import { call, obtainToken, type Answer, type Call } from "./client.ts";

/** An emulator with one store and someone who may use it. */
export interface StoreFixture extends AsyncDisposable {
  readonly emulator: Emulator;
  /** `projects/…/dicomStores/…`. */
  readonly store: string;
  /** Path of the DICOMweb surface. */
  readonly surface: string;
  readonly token: string;
  /** Sends a request to the surface with the token. */
  send(path: string, options?: Call): Promise<Answer>;
  /** Sends `files` in one STOW. */
  stow(files: readonly Buffer[], options?: Pick<Call, "headers"> & { readonly path?: string }): Promise<Answer>;
}

export async function startStore(options: EmulatorOptions = {}): Promise<StoreFixture> {
  const emulator = await startEmulator(options);
  const store = emulator.createStore("p", "europe-west1", "d", "s");
  const surface = `/v1/${store}/dicomWeb`;
  const token = await obtainToken(emulator, emulator.createServiceAccount());
  const send = (path: string, { headers, ...others }: Call = {}): Promise<Answer> =>
    call(emulator, surface + path, { ...others, headers: { authorization: `Bearer ${token}`, ...headers } });
  return {
    emulator,
    store,
    surface,
    token,
    send,
    stow: (files, { headers, path = "/studies" } = {}) =>
      send(path, { headers: { ...multipartType, ...headers }, body: multipart(files) }),
    [Symbol.asyncDispose]: () => emulator.close(),
  };
}

export const multipartType = { "content-type": 'multipart/related; type="application/dicom"; boundary=bound' };

/** A STOW body of `files` with the boundary of `multipartType`. */
export function multipart(files: readonly Buffer[]): Buffer {
  const parts = files.map((file) =>
    Buffer.concat([Buffer.from("--bound\r\nContent-Type: application/dicom\r\n\r\n"), file, Buffer.from("\r\n")]),
  );
  return Buffer.concat([...parts, Buffer.from("--bound--\r\n")]);
}

/** The bodies of a multipart answer. */
export function partsOf(answer: Answer): Buffer[] {
  const boundary = /boundary=([^;]+)/.exec(answer.headers["content-type"] ?? "")?.[1] ?? "?";
  const body = answer.bytes.toString("latin1");
  return `\r\n${body}`
    .split(`\r\n--${boundary}`)
    .slice(1, -1)
    .map((part) => Buffer.from(part.slice(part.indexOf("\r\n\r\n") + 4), "latin1"));
}
