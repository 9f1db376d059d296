import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/**
 * The WASM module of dcmjs-codecs (IJG's JPEG for 8, 12 and 16 bits, OpenJPEG, OpenJPH, libjxl), called through its plain C
 * functions. The JavaScript of that package is not used.
 */

/** What the module must know of an image; numbers as DICOM has them. */
export interface NativeImage {
  readonly rows: number;
  readonly columns: number;
  readonly bitsAllocated: 8 | 16;
  readonly bitsStored: number;
  readonly samplesPerPixel: number;
  readonly signed: boolean;
  /** Three samples are red, green and blue, so that the encoders of JPEG 2000 may transform them. */
  readonly isRgb: boolean;
}

/** Parameters of an encoder; those it does not know are ignored. */
export interface NativeParameters {
  readonly lossy: boolean;
  /** JPEG: 1 to 100. */
  readonly quality?: number;
  /** JPEG 2000: how many times smaller the result shall be. */
  readonly rate?: number;
  /** Lossless JPEG: selection value, 1 to 7 (ITU-T T.81 Table H.1). */
  readonly predictor?: number;
  /** JPEG 2000: LRCP, RLCP, RPCL, PCRL or CPRL, from 0. */
  readonly progressionOrder?: number;
}

/** Values of the module's enumerations. */
const photometricInterpretations = { monochrome2: 1, rgb: 3, ybrFull: 4 };
const sampleFactors = { "4:2:2": 1 };
const interleaved = 0;
/** WASI's EBADF: there is nothing to write messages to. */
const badFileDescriptor = 8;

const wasmFile = createRequire(import.meta.url).resolve("dcmjs-codecs/build/dcmjs-native-codecs.wasm");
const compiled = new WebAssembly.Module(readFileSync(wasmFile));

class CodecInstance {
  readonly #exports: WasmExports;
  readonly #memory: WasmMemory;

  constructor() {
    const text = (start = 0, length = 0): string => Buffer.from(this.bytes(start, length)).toString("latin1");
    const { exports } = new WebAssembly.Instance(compiled, {
      env: {
        onCodecsException: (start, length) => {
          throw new Error(text(start, length));
        },
        onCodecsInfo: () => {},
        onCodecsTrace: () => {},
        emscripten_notify_memory_growth: () => {},
      },
      wasi_snapshot_preview1: {
        proc_exit: (code) => {
          throw new Error(`the codec gave up (${code})`);
        },
        environ_sizes_get: (count = 0, size = 0) => this.#setNumbers([count, 0], [size, 0]),
        environ_get: () => 0,
        clock_time_get: (_clock, _precision, time = 0) => this.#setNumbers([time, 0], [time + 4, 0]),
        fd_write: () => badFileDescriptor,
        fd_seek: () => badFileDescriptor,
        fd_close: () => badFileDescriptor,
      },
    });
    this.#exports = exports;
    const { memory } = exports;
    if (!(memory instanceof WebAssembly.Memory)) throw new TypeError("the codec module has no memory");
    this.#memory = memory;
    this.call("_initialize");
  }

  /** Calls a function of the module. */
  call(name: string, ...values: readonly number[]): number {
    const exported = this.#exports[name];
    if (typeof exported !== "function") throw new TypeError(`the codec module has no function ${name}`);
    return Number(Reflect.apply(exported, undefined, values));
  }

  /** A view of the module's memory; it is gone when the memory grows. */
  bytes(start: number, length: number): Uint8Array {
    return new Uint8Array(this.#memory.buffer, start, length);
  }

  #setNumbers(...places: readonly (readonly [place: number, value: number])[]): number {
    const view = new DataView(this.#memory.buffer);
    for (const [place, value] of places) view.setUint32(place, value, true);
    return 0;
  }
}

let current: CodecInstance | undefined;

/** Runs `use` on the instance; what throws out of the module leaves it in disorder, so another one is made the next time. */
function withInstance<Result>(use: (instance: CodecInstance) => Result): Result {
  current ??= new CodecInstance();
  try {
    return use(current);
  } catch (error) {
    current = undefined;
    throw error;
  }
}

function createContext(instance: CodecInstance, image: NativeImage): number {
  const context = instance.call("CreateCodecsContext");
  const { monochrome2, rgb, ybrFull } = photometricInterpretations;
  instance.call("SetColumns", context, image.columns);
  instance.call("SetRows", context, image.rows);
  instance.call("SetBitsAllocated", context, image.bitsAllocated);
  instance.call("SetBitsStored", context, image.bitsStored);
  instance.call("SetSamplesPerPixel", context, image.samplesPerPixel);
  instance.call("SetPixelRepresentation", context, Number(image.signed));
  instance.call("SetPlanarConfiguration", context, interleaved);
  const photometric = image.samplesPerPixel === 1 ? monochrome2 : image.isRgb ? rgb : ybrFull;
  instance.call("SetPhotometricInterpretation", context, photometric);
  return context;
}

/** Puts bytes into a buffer of the context (`Encoded` or `Decoded`). */
function setBuffer(instance: CodecInstance, context: number, name: string, bytes: Uint8Array): void {
  instance.call(`Set${name}BufferSize`, context, bytes.length);
  instance.bytes(instance.call(`Get${name}Buffer`, context), bytes.length).set(bytes);
}

/** Copies a buffer of the context. */
function getBuffer(instance: CodecInstance, context: number, name: string): Buffer {
  const size = instance.call(`Get${name}BufferSize`, context);
  return Buffer.from(instance.bytes(instance.call(`Get${name}Buffer`, context), size));
}

type DecoderName = "DecodeJpeg" | "DecodeJpeg2000" | "DecodeJpegXl";
type EncoderName = "EncodeJpeg" | "EncodeJpeg2000" | "EncodeHtJpeg2000" | "EncodeJpegXl";

/**
 * Decodes a frame; the size and depth of `image` must be those of the code stream, the module does not check them. The samples
 * come by pixel, without conversion of colour. Throws `Error` when the code stream is broken.
 */
export function decodeNatively(name: DecoderName, image: NativeImage, frame: Uint8Array): Buffer {
  return withInstance((instance) => {
    const context = createContext(instance, image);
    const parameters = instance.call("CreateDecoderParameters");
    instance.call("SetConvertColorspaceToRgb", parameters, 0);
    setBuffer(instance, context, "Encoded", frame);
    instance.call(name, context, parameters);
    const decoded = getBuffer(instance, context, "Decoded");
    instance.call("ReleaseDecoderParameters", parameters);
    instance.call("ReleaseCodecsContext", context);
    return decoded;
  });
}

/** Encodes samples that come by pixel. Throws `Error` for what the encoder cannot do. */
export function encodeNatively(
  name: EncoderName,
  image: NativeImage,
  samples: Uint8Array,
  parameters: NativeParameters,
): Buffer {
  const { lossy, quality = 90, rate = 1, predictor = 1, progressionOrder = 0 } = parameters;
  return withInstance((instance) => {
    const context = createContext(instance, image);
    const settings = instance.call("CreateEncoderParameters");
    instance.call("SetLossy", settings, Number(lossy));
    instance.call("SetQuality", settings, quality);
    instance.call("SetSmoothingFactor", settings, 0);
    instance.call("SetSampleFactor", settings, sampleFactors["4:2:2"]);
    instance.call("SetPredictor", settings, predictor);
    instance.call("SetPointTransform", settings, 0);
    instance.call("SetAllowedLossyError", settings, 0);
    instance.call("SetProgressionOrder", settings, progressionOrder);
    instance.call("SetRate", settings, rate);
    instance.call("SetAllowMct", settings, Number(image.isRgb));
    setBuffer(instance, context, "Decoded", samples);
    instance.call(name, context, settings);
    const encoded = getBuffer(instance, context, "Encoded");
    instance.call("ReleaseEncoderParameters", settings);
    instance.call("ReleaseCodecsContext", context);
    return encoded;
  });
}
