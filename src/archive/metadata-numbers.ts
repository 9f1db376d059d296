/** Orthanc's numbers of the metadata that the archive writes or reads. */
export const metadataNumbers = {
  IndexInSeries: 1,
  ReceptionDate: 2,
  RemoteAET: 3,
  ExpectedNumberOfInstances: 4,
  ModifiedFrom: 5,
  AnonymizedFrom: 6,
  Origin: 8,
  TransferSyntax: 9,
  SopClassUid: 10,
  RemoteIP: 11,
  CalledAET: 12,
  HttpUsername: 13,
  PixelDataOffset: 14,
  MainDicomTagsSignature: 15,
  MainDicomSequences: 16,
  PixelDataVR: 17,
} as const;

/** Orthanc's number of the attachment that is the DICOM file. */
export const dicomAttachment = 1;

/** Attachments from here on are the users'. */
export const firstUserAttachment = 1024;
