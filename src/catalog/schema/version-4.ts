/** ModalitiesInStudy, which most searches for studies want, comes from the index alone. */
export const version4: readonly string[] = [
  "DROP INDEX seriesByStudy",
  "CREATE INDEX seriesByStudy ON series(study, Modality)",
];
