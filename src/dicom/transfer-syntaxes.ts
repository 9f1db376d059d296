/** How a dataset is encoded (PS3.5 §10, Annex A). */
export interface TransferSyntax {
  readonly uid: string;
  readonly name: string;
  readonly explicit: boolean;
  readonly littleEndian: boolean;
  /** The whole dataset is a deflate stream (PS3.5 §A.5). */
  readonly deflated: boolean;
  /** Pixel data is a sequence of fragments (PS3.5 §A.4). */
  readonly encapsulated: boolean;
  /** Whether a frame can lose information; undefined where it depends on the stream. */
  readonly lossy?: boolean;
  /** One bit stream over all frames. */
  readonly video?: boolean;
  /** GE's private syntax: implicit VR little endian, but the pixel data is big endian. */
  readonly bigEndianPixels?: boolean;
}

const native = (uid: string, name: string, more: Partial<TransferSyntax> = {}): TransferSyntax => ({
  uid,
  name,
  explicit: true,
  littleEndian: true,
  deflated: false,
  encapsulated: false,
  lossy: false,
  ...more,
});

const encapsulated = (uid: string, name: string, more: Partial<TransferSyntax> = {}): TransferSyntax => ({
  uid,
  name,
  explicit: true,
  littleEndian: true,
  deflated: false,
  encapsulated: true,
  ...more,
});

const root = "1.2.840.10008.1.2";
const lossless = { lossy: false };
const lossy = { lossy: true };
const video = { lossy: true, video: true };

export const implicitLittleEndian = native(root, "Implicit VR Little Endian", { explicit: false });
export const explicitLittleEndian = native(`${root}.1`, "Explicit VR Little Endian");
export const explicitBigEndian = native(`${root}.2`, "Explicit VR Big Endian", { littleEndian: false });

/** The transfer syntaxes of PS3.6 Table A-1, retired ones included, and one private syntax that is common in files. */
export const transferSyntaxes: readonly TransferSyntax[] = [
  implicitLittleEndian,
  explicitLittleEndian,
  encapsulated(`${root}.1.98`, "Encapsulated Uncompressed Explicit VR Little Endian", lossless),
  native(`${root}.1.99`, "Deflated Explicit VR Little Endian", { deflated: true }),
  explicitBigEndian,
  encapsulated(`${root}.4.50`, "JPEG Baseline (Process 1)", lossy),
  encapsulated(`${root}.4.51`, "JPEG Extended (Process 2 & 4)", lossy),
  encapsulated(`${root}.4.52`, "JPEG Extended (Process 3 & 5)", lossy),
  encapsulated(`${root}.4.53`, "JPEG Spectral Selection, Non-Hierarchical (Process 6 & 8)", lossy),
  encapsulated(`${root}.4.54`, "JPEG Spectral Selection, Non-Hierarchical (Process 7 & 9)", lossy),
  encapsulated(`${root}.4.55`, "JPEG Full Progression, Non-Hierarchical (Process 10 & 12)", lossy),
  encapsulated(`${root}.4.56`, "JPEG Full Progression, Non-Hierarchical (Process 11 & 13)", lossy),
  encapsulated(`${root}.4.57`, "JPEG Lossless, Non-Hierarchical (Process 14)", lossless),
  encapsulated(`${root}.4.58`, "JPEG Lossless, Non-Hierarchical (Process 15)", lossless),
  encapsulated(`${root}.4.59`, "JPEG Extended, Hierarchical (Process 16 & 18)", lossy),
  encapsulated(`${root}.4.60`, "JPEG Extended, Hierarchical (Process 17 & 19)", lossy),
  encapsulated(`${root}.4.61`, "JPEG Spectral Selection, Hierarchical (Process 20 & 22)", lossy),
  encapsulated(`${root}.4.62`, "JPEG Spectral Selection, Hierarchical (Process 21 & 23)", lossy),
  encapsulated(`${root}.4.63`, "JPEG Full Progression, Hierarchical (Process 24 & 26)", lossy),
  encapsulated(`${root}.4.64`, "JPEG Full Progression, Hierarchical (Process 25 & 27)", lossy),
  encapsulated(`${root}.4.65`, "JPEG Lossless, Hierarchical (Process 28)", lossless),
  encapsulated(`${root}.4.66`, "JPEG Lossless, Hierarchical (Process 29)", lossless),
  encapsulated(`${root}.4.70`, "JPEG Lossless, Non-Hierarchical, First-Order Prediction (Process 14)", lossless),
  encapsulated(`${root}.4.80`, "JPEG-LS Lossless Image Compression", lossless),
  encapsulated(`${root}.4.81`, "JPEG-LS Lossy (Near-Lossless) Image Compression", lossy),
  encapsulated(`${root}.4.90`, "JPEG 2000 Image Compression (Lossless Only)", lossless),
  encapsulated(`${root}.4.91`, "JPEG 2000 Image Compression"),
  encapsulated(`${root}.4.92`, "JPEG 2000 Part 2 Multi-component Image Compression (Lossless Only)", lossless),
  encapsulated(`${root}.4.93`, "JPEG 2000 Part 2 Multi-component Image Compression"),
  native(`${root}.4.94`, "JPIP Referenced"),
  native(`${root}.4.95`, "JPIP Referenced Deflate", { deflated: true }),
  encapsulated(`${root}.4.100`, "MPEG2 Main Profile / Main Level", video),
  encapsulated(`${root}.4.100.1`, "Fragmentable MPEG2 Main Profile / Main Level", video),
  encapsulated(`${root}.4.101`, "MPEG2 Main Profile / High Level", video),
  encapsulated(`${root}.4.101.1`, "Fragmentable MPEG2 Main Profile / High Level", video),
  encapsulated(`${root}.4.102`, "MPEG-4 AVC/H.264 High Profile / Level 4.1", video),
  encapsulated(`${root}.4.102.1`, "Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.1", video),
  encapsulated(`${root}.4.103`, "MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1", video),
  encapsulated(`${root}.4.103.1`, "Fragmentable MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1", video),
  encapsulated(`${root}.4.104`, "MPEG-4 AVC/H.264 High Profile / Level 4.2 For 2D Video", video),
  encapsulated(`${root}.4.104.1`, "Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.2 For 2D Video", video),
  encapsulated(`${root}.4.105`, "MPEG-4 AVC/H.264 High Profile / Level 4.2 For 3D Video", video),
  encapsulated(`${root}.4.105.1`, "Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.2 For 3D Video", video),
  encapsulated(`${root}.4.106`, "MPEG-4 AVC/H.264 Stereo High Profile / Level 4.2", video),
  encapsulated(`${root}.4.106.1`, "Fragmentable MPEG-4 AVC/H.264 Stereo High Profile / Level 4.2", video),
  encapsulated(`${root}.4.107`, "HEVC/H.265 Main Profile / Level 5.1", video),
  encapsulated(`${root}.4.108`, "HEVC/H.265 Main 10 Profile / Level 5.1", video),
  encapsulated(`${root}.4.110`, "JPEG XL Lossless", lossless),
  encapsulated(`${root}.4.111`, "JPEG XL JPEG Recompression", lossy),
  encapsulated(`${root}.4.112`, "JPEG XL"),
  encapsulated(`${root}.4.201`, "High-Throughput JPEG 2000 Image Compression (Lossless Only)", lossless),
  encapsulated(
    `${root}.4.202`,
    "High-Throughput JPEG 2000 with RPCL Options Image Compression (Lossless Only)",
    lossless,
  ),
  encapsulated(`${root}.4.203`, "High-Throughput JPEG 2000 Image Compression"),
  native(`${root}.4.204`, "JPIP HTJ2K Referenced"),
  native(`${root}.4.205`, "JPIP HTJ2K Referenced Deflate", { deflated: true }),
  encapsulated(`${root}.5`, "RLE Lossless", lossless),
  native(`${root}.6.1`, "RFC 2557 MIME Encapsulation"),
  native(`${root}.6.2`, "XML Encoding"),
  native(`${root}.7.1`, "SMPTE ST 2110-20 Uncompressed Progressive Active Video"),
  native(`${root}.7.2`, "SMPTE ST 2110-20 Uncompressed Interlaced Active Video"),
  native(`${root}.7.3`, "SMPTE ST 2110-30 PCM Digital Audio"),
  encapsulated(`${root}.8.1`, "Deflated Image Frame Compression", lossless),
  native("1.2.840.113619.5.2", "Implicit VR Little Endian with Big Endian Pixel Data (GE private)", {
    explicit: false,
    bigEndianPixels: true,
  }),
];

const byUid: ReadonlyMap<string, TransferSyntax> = new Map(transferSyntaxes.map((row) => [row.uid, row]));

/** The row of a Transfer Syntax UID; undefined when the standard does not have it. */
export function transferSyntax(uid: string): TransferSyntax | undefined {
  return byUid.get(uid);
}
