import { implemented, known, withoutEffect } from "../option.ts";
import { boolean, count, list, map, oneOf, path, text, unset } from "../option-types.ts";

/** Sign-in by Keycloak. */
export const keycloak = {
  Enable: known(boolean, false, "Use this section"),
  Url: known(text, "http://change-me:8080/", "Its base URL"),
  Realm: known(text, "change-me", "Its realm"),
  ClientId: known(text, "change-me", "Its client"),
  CheckLoginIframe: known(boolean, true, "Session check"),
};

/** Tokens in links. */
export const tokens = {
  InstantLinksValidity: known(count, 200, "Seconds that an instant link is valid"),
  ShareType: known(text, "stone-viewer-publication", "Kind of share token"),
  RequiredForLinks: known(unset(boolean), undefined, "Put tokens into links"),
  LandingOptions: known(unset(list), undefined, "What the landing page of a link offers"),
};

/** Rarely changed. */
export const advanced = {
  DownloadInstantLinksUseRestApiWithAuthHeaders: known(boolean, false, "Fetch with headers then save"),
  AdaptUiOnReadOnlySystems: known(boolean, true, "Hide writing buttons when ReadOnly"),
  InstantLinksReuseTokenFromUri: known(unset(text), undefined, "Query argument whose token is propagated"),
};

/** The public upload page. */
export const inbox = {
  Enable: known(boolean, false, "Use this section"),
  EnableAnonymousAccess: known(boolean, false, "No login for the page"),
  Title: known(text, "", "Title of the page"),
  IntroTextHtml: known(text, "", "Text above the form, HTML"),
  SuccessTextHtml: known(text, "", "Text after a success, HTML"),
  FailureTextHtml: known(text, "", "Text after a failure, HTML"),
  CommitUrl: known(unset(text), undefined, "Route called after upload"),
  FormValidationUrl: known(unset(text), undefined, "Route validating the form"),
  ProcessingMonitoringUrl: known(unset(text), undefined, "Route with progress"),
  FormFields: known(unset(list), undefined, "Fields of the upload form"),
};

/** Sending mail. */
export const emails = {
  Server: known(unset(map), undefined, "Web service that sends mail", { secret: true }),
};

/** Orthanc Explorer 2. */
export const explorer2Options = {
  Enable: implemented(boolean, true, "Lead its addresses to the web interface"),
  Root: implemented(text, "/ui/", "Where these addresses are"),
  IsDefaultOrthancUI: withoutEffect(boolean, true, "Lead / to it", {
    reason: "there is one web interface, and / leads to it",
  }),
  Theme: known(oneOf("light", "dark"), "light", "Colours"),
  CustomCssPath: known(unset(path), undefined, "CSS file appended after the theme"),
  CustomLogoUrl: known(unset(text), undefined, "Logo URL"),
  CustomLogoPath: known(unset(path), undefined, "Logo file"),
  CustomFavIconPath: known(unset(path), undefined, "Icon file"),
  CustomTitle: known(unset(text), undefined, "Window title"),
};
