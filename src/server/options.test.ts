import { describe, expect, it } from "vitest";
import { loadConfiguration } from "../config/load.ts";
import { codecThreads } from "./archive-options.ts";
import { filesAhead } from "./archives.ts";
import { dicomWebOptions } from "./dicomweb-options.ts";
import { httpServerOptions } from "./http-options.ts";
import { orthancVersion, systemInfo } from "./system-info.ts";

const { configuration } = await loadConfiguration([], {});

function withTags(...SeriesMetadataExtrapolatedTags: string[]) {
  return dicomWebOptions({ ...configuration, DicomWeb: { ...configuration.DicomWeb, SeriesMetadataExtrapolatedTags } });
}

describe("options of the configuration, as the rooms get them", () => {
  it.each([
    [4, 0, 4],
    [4, 2, 2],
    [1, 8, 1],
  ])("TranscoderThreadsCount %i and MaximumConcurrentDcmtkTranscoders %i", (threads, most, expected) => {
    expect(codecThreads({ TranscoderThreadsCount: threads, MaximumConcurrentDcmtkTranscoders: most })).toBe(expected);
  });

  it.each([
    [{}, 4],
    [{ SequentialDicomReaderThreadsCount: 8, SequentialDicomReaderWindowSize: 6 }, 6],
    [{ LoaderThreads: 2 }, 2],
    [{ ZipLoaderThreads: 3 }, 3],
    [{ ZipLoaderThreads: 3, LoaderThreads: 2 }, 2],
    [{ LoaderThreads: 0 }, 1],
  ])("files of archives that are worked on at the same time: %j", (options, expected) => {
    expect(filesAhead({ ...configuration, ...options })).toBe(expected);
  });

  it("TcpNoDelay", async () => {
    expect((await httpServerOptions(configuration)).tcpNoDelay).toBe(true);
    expect((await httpServerOptions({ ...configuration, TcpNoDelay: false })).tcpNoDelay).toBe(false);
  });

  it("DatabaseServerIdentifier", () => {
    const none = { Patient: [], Study: [], Series: [], Instance: [] };
    expect(systemInfo(configuration, none, "made")).toMatchObject({
      databaseServerIdentifier: "made",
      version: orthancVersion,
    });
    const named = { ...configuration, DatabaseServerIdentifier: "mine" };
    expect(systemInfo(named, none, "made").databaseServerIdentifier).toBe("mine");
  });

  it("threads of DICOMweb, at least one", () => {
    expect(dicomWebOptions(configuration)).toMatchObject({ metadataAhead: 4, filesAhead: 1, performanceLogs: false });
    const changed = { MetadataWorkerThreadsCount: 0, WadoRsLoaderThreadsCount: 3, EnablePerformanceLogs: true };
    expect(dicomWebOptions({ ...configuration, DicomWeb: { ...configuration.DicomWeb, ...changed } })).toMatchObject({
      metadataAhead: 1,
      filesAhead: 3,
      performanceLogs: true,
    });
  });

  it("extrapolated tags by keyword or number; others are refused", () => {
    const { extrapolatedTags } = withTags("BitsAllocated", "0028,0101").seriesMetadata;
    expect(extrapolatedTags).toEqual([0x00280100, 0x00280101]);
    expect(() => withTags("NoSuchTag")).toThrow(
      expect.objectContaining({
        details: 'DicomWeb.SeriesMetadataExtrapolatedTags: "NoSuchTag" is no DICOM tag',
      }),
    );
  });
});
