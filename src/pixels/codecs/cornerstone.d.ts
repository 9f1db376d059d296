/** The WASM builds of @cornerstonejs, as far as they are used here. */
declare module "@cornerstonejs/codec-charls/wasmjs" {
  interface FrameInfo {
    readonly width: number;
    readonly height: number;
    readonly bitsPerSample: number;
    readonly componentCount: number;
  }
  class JpegLSDecoder {
    getEncodedBuffer(length: number): Uint8Array;
    decode(): void;
    getDecodedBuffer(): Uint8ClampedArray;
    getInterleaveMode(): number;
    delete(): void;
  }
  class JpegLSEncoder {
    setNearLossless(near: number): void;
    setInterleaveMode(mode: number): void;
    getDecodedBuffer(frame: FrameInfo): Uint8Array;
    encode(): void;
    getEncodedBuffer(): Uint8ClampedArray;
    delete(): void;
  }
  export default function load(): Promise<{
    readonly JpegLSDecoder: typeof JpegLSDecoder;
    readonly JpegLSEncoder: typeof JpegLSEncoder;
  }>;
}

declare module "@cornerstonejs/codec-openjph/wasmjs" {
  interface FrameInfo {
    readonly width: number;
    readonly height: number;
    readonly bitsPerSample: number;
    readonly componentCount: number;
    readonly isSigned: boolean;
    readonly isUsingColorTransform: boolean;
  }
  class HTJ2KDecoder {
    getEncodedBuffer(length: number): Uint8Array;
    decode(): void;
    getDecodedBuffer(): Uint8Array;
    delete(): void;
  }
  class HTJ2KEncoder {
    setQuality(lossless: boolean, quantizationStep: number): void;
    setProgressionOrder(order: number): void;
    setDecompositions(levels: number): void;
    setTLMMarker(isWanted: boolean): void;
    setTilePartDivisionsAtResolutions(isWanted: boolean): void;
    getDecodedBuffer(frame: FrameInfo): Uint8Array;
    encode(): void;
    getEncodedBuffer(): Uint8Array;
    delete(): void;
  }
  export default function load(): Promise<{
    readonly HTJ2KDecoder: typeof HTJ2KDecoder;
    readonly HTJ2KEncoder: typeof HTJ2KEncoder;
  }>;
}
