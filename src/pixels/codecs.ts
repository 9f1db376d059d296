import { transferSyntax } from "../dicom/transfer-syntaxes.ts";
import { ServerError } from "../util/errors.ts";
import type { Codec } from "./codec.ts";

/** A codec, and what it is used for. It is loaded when it is needed: most bring a WASM module along. */
interface CodecRow {
  readonly decodes: readonly string[];
  readonly encodes: readonly string[];
  readonly load: () => Promise<Codec>;
}

const root = "1.2.840.10008.1.2";

/** The codecs by the transfer syntaxes that they know. */
const codecs: readonly CodecRow[] = [
  {
    decodes: [`${root}.4.50`, `${root}.4.51`, `${root}.4.53`, `${root}.4.55`, `${root}.4.57`, `${root}.4.70`],
    encodes: [`${root}.4.50`, `${root}.4.51`, `${root}.4.57`, `${root}.4.70`],
    load: async () => (await import("./codecs/jpeg.ts")).jpeg,
  },
  {
    decodes: [`${root}.4.80`, `${root}.4.81`],
    encodes: [`${root}.4.80`, `${root}.4.81`],
    load: async () => (await import("./codecs/jpeg-ls.ts")).jpegLs,
  },
  {
    decodes: [`${root}.4.90`, `${root}.4.91`, `${root}.4.92`, `${root}.4.93`],
    encodes: [`${root}.4.90`, `${root}.4.91`],
    load: async () => (await import("./codecs/jpeg-2000.ts")).jpeg2000,
  },
  {
    decodes: [`${root}.4.110`, `${root}.4.111`, `${root}.4.112`],
    encodes: [],
    load: async () => (await import("./codecs/jpeg-xl.ts")).jpegXl,
  },
  {
    decodes: [`${root}.4.201`, `${root}.4.202`, `${root}.4.203`],
    encodes: [`${root}.4.201`, `${root}.4.202`, `${root}.4.203`],
    load: async () => (await import("./codecs/ht-jpeg-2000.ts")).htJpeg2000,
  },
  {
    decodes: [`${root}.5`],
    encodes: [`${root}.5`],
    load: async () => (await import("./codecs/rle.ts")).rle,
  },
  {
    decodes: [`${root}.1.98`],
    encodes: [`${root}.1.98`],
    load: async () => (await import("./codecs/native-bytes.ts")).encapsulatedUncompressed,
  },
  {
    decodes: [`${root}.8.1`],
    encodes: [`${root}.8.1`],
    load: async () => (await import("./codecs/native-bytes.ts")).deflatedImageFrame,
  },
];

/** Whether frames can be encoded in the transfer syntax, if the image is of a kind that it takes. */
export function canEncode(transferSyntaxUID: string): boolean {
  return codecs.some(({ encodes }) => encodes.includes(transferSyntaxUID));
}

/** The defined terms of LossyImageCompressionMethod (PS3.3 §C.7.6.1.1.5.1). */
const lossyMethods: Readonly<Record<string, string>> = {
  [`${root}.4.50`]: "ISO_10918_1",
  [`${root}.4.51`]: "ISO_10918_1",
  [`${root}.4.81`]: "ISO_14495_1",
  [`${root}.4.91`]: "ISO_15444_1",
  [`${root}.4.203`]: "ISO_15444_15",
};

/** The method by which encoding in the transfer syntax loses information here; undefined when it does not. */
export function lossyMethod(transferSyntaxUID: string): string | undefined {
  return lossyMethods[transferSyntaxUID];
}

/** Loads the codec of a transfer syntax. Throws `NotImplemented` when there is none. */
export async function loadCodec(transferSyntaxUID: string): Promise<Codec> {
  const row = codecs.find(({ decodes }) => decodes.includes(transferSyntaxUID));
  if (row === undefined) {
    const name = transferSyntax(transferSyntaxUID)?.name ?? "unknown";
    throw new ServerError("NotImplemented", `there is no codec for ${transferSyntaxUID} (${name})`);
  }
  return await row.load();
}
