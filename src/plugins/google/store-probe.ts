import type { ClientResponse, HttpClient } from "../../plugin-api.ts";
import type { Account } from "./account.ts";
import { isObject, parseJson, textField } from "./json-fields.ts";
import { networkProblem } from "./network-problem.ts";
import type { Layer, Obstacle } from "./problem.ts";
import { shortLine } from "./short-line.ts";

interface RefusalRow {
  readonly status: number;
  /** Matched against Google's message. */
  readonly says: RegExp;
  readonly layer: Layer;
  readonly remedy: string;
}

const grantRole =
  "grant the role Healthcare DICOM Editor on the dataset, and check the store's name (Google answers 403 for a missing one)";

/** How the Healthcare API refuses a search; the first match counts. */
const refusalRows: readonly RefusalRow[] = [
  { status: 401, says: /^/, layer: "token", remedy: "check that the account is of this Google cloud" },
  {
    status: 403,
    says: /scope/i,
    layer: "permission",
    remedy: "the token lacks the scope cloud-platform: log in again with --scopes including it",
  },
  {
    status: 403,
    says: /has not been used|is disabled|SERVICE_DISABLED/i,
    layer: "permission",
    remedy: "enable the Cloud Healthcare API in the project",
  },
  {
    status: 403,
    says: /serviceusage|quota project|USER_PROJECT_DENIED/i,
    layer: "permission",
    remedy: "grant the role Service Usage Consumer on the quota project",
  },
  { status: 403, says: /^/, layer: "permission", remedy: grantRole },
  { status: 404, says: /^/, layer: "store", remedy: "check BaseUrl, Project, Location, Dataset and DicomStore" },
];

const longestMessage = 65_536;

/** Searches one study in the account's store; undefined when it answers, otherwise what stands in the way. Never throws. */
export async function probeStore(account: Account, url: string, http: HttpClient): Promise<Obstacle | undefined> {
  const { host } = new URL(url);
  try {
    const response = await http.request({
      method: "GET",
      url: `${url}studies?limit=1`,
      headers: { accept: "application/dicom+json" },
      credentials: account.credentials,
    });
    if (response.status >= 200 && response.status < 300) {
      await response.discard();
      return undefined;
    }
    return await refusal(host, response);
  } catch (error) {
    return account.source.record.held === undefined
      ? (account.source.record.problem ?? networkProblem(error, host))
      : networkProblem(error, host);
  }
}

async function refusal(host: string, response: ClientResponse): Promise<Obstacle> {
  const message = shortLine(googleMessage(await response.text(longestMessage)));
  const reason = `${host} answered ${response.status}${message && `: ${message}`}`;
  const row = refusalRows.find((row) => row.status === response.status && row.says.test(message));
  return { layer: row?.layer ?? "store", reason, remedy: row?.remedy ?? "try again later" };
}

/** The message in `{"error": {…}}`, the same in an array, or the text as it is. */
function googleMessage(text: string): string {
  const body = parseJson(text);
  const frame: unknown = Array.isArray(body) ? body[0] : body;
  const error = isObject(frame) ? frame["error"] : undefined;
  return (isObject(error) ? textField(error, "message") : undefined) ?? text;
}
