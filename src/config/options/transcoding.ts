import { implemented, withoutEffect } from "../option.ts";
import { boolean, integer, oneOf, text, texts } from "../option-types.ts";

/** Transfer syntaxes. */
export const transcodingOptions = {
  IngestTranscoding: implemented(text, "", "Transfer syntax that received instances are transcoded to; empty: none"),
  IngestTranscodingOfUncompressed: implemented(boolean, true, "Apply IngestTranscoding to uncompressed instances"),
  IngestTranscodingOfCompressed: implemented(boolean, true, "Apply IngestTranscoding to compressed instances"),
  DicomLossyTranscodingQuality: implemented(integer(1, 100), 90, "Quality of lossy compression"),
  BuiltinDecoderTranscoderOrder: withoutEffect(
    oneOf("After", "Before", "Disabled"),
    "After",
    "The own codecs come After or Before those of plugins, or are Disabled",
    { reason: "plugins bring no codecs, and the own ones read what those would" },
  ),
  TranscodeDicomProtocol: implemented(
    boolean,
    true,
    "Transcode for C-STORE SCU and C-GET where the other side needs it",
  ),
  AcceptedTransferSyntaxes: implemented(
    texts,
    ["1.2.840.10008.1.*"],
    "Transfer syntaxes taken by C-STORE, with * and ? as wildcards",
  ),
  DeflatedTransferSyntaxAccepted: implemented(boolean, true, "false: take no deflated instances (former option)"),
  JpegTransferSyntaxAccepted: implemented(boolean, true, "false: take no JPEG (former option)"),
  Jpeg2000TransferSyntaxAccepted: implemented(boolean, true, "false: take no JPEG 2000 (former option)"),
  JpegLosslessTransferSyntaxAccepted: implemented(boolean, true, "false: take no lossless JPEG (former option)"),
  JpipTransferSyntaxAccepted: implemented(boolean, true, "false: take no JPIP (former option)"),
  Mpeg2TransferSyntaxAccepted: implemented(boolean, true, "false: take no MPEG-2 (former option)"),
  RleTransferSyntaxAccepted: implemented(boolean, true, "false: take no RLE (former option)"),
  Mpeg4TransferSyntaxAccepted: implemented(boolean, true, "false: take no MPEG-4 (former option)"),
  H265TransferSyntaxAccepted: implemented(boolean, true, "false: take no H.265 (former option)"),
};
