import { implemented } from "../option.ts";
import { count, path, text, unset } from "../option-types.ts";

/** One account of `GoogleCloudPlatform.Accounts`. */
export const googleAccountOptions = {
  Project: implemented(unset(text), undefined, "Project of the DICOM store"),
  Location: implemented(unset(text), undefined, "Region of the DICOM store, such as europe-west2"),
  Dataset: implemented(unset(text), undefined, "Dataset of the DICOM store"),
  DicomStore: implemented(unset(text), undefined, "Name of the DICOM store"),
  ServiceAccountFile: implemented(unset(path), undefined, "Key file of a service account, JSON"),
  AuthorizedUserFile: implemented(
    unset(path),
    undefined,
    "Credentials file of a user, as gcloud auth application-default login writes it",
  ),
  AuthorizedUserClientId: implemented(unset(text), undefined, "Instead of a file: the OAuth client"),
  AuthorizedUserClientSecret: implemented(unset(text), undefined, "Instead of a file: its secret", { secret: true }),
  AuthorizedUserRefreshToken: implemented(unset(text), undefined, "Instead of a file: the refresh token of the user", {
    secret: true,
  }),
};

/** Google Cloud Platform. */
export const googleOptions = {
  BaseUrl: implemented(text, "https://healthcare.googleapis.com/v1beta1/", "Base URL of the Healthcare API"),
  Timeout: implemented(count, 60, "Seconds that a request for a token may take"),
  RefreshInterval: implemented(count, 60, "Seconds between two looks at the age of the tokens; 0 means 60"),
};
