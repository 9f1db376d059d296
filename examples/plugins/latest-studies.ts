/**
 * A page with the studies that came last, at `/latest-studies`. In the configuration:
 *
 *   "Plugins": ["examples/plugins/latest-studies.ts"]
 */
import { json, type Plugin, type PluginServer } from "greyhaven/plugin";

/** What `/tools/find` answers, as far as we show it. */
interface Study {
  readonly ID: string;
  readonly MainDicomTags: Readonly<Record<string, string>>;
  readonly PatientMainDicomTags: Readonly<Record<string, string>>;
}

const shown = 20;

const latestStudies: Plugin = {
  id: "latest-studies",
  version: "1.0.0",
  description: "A page with the studies that came last",
  rootUri: "latest-studies",
  async start(server) {
    return {
      routes: [
        {
          method: "GET",
          path: "/latest-studies",
          tag: "Latest studies",
          summary: "Show the studies that came last",
          handle: async () => ({ type: "text/html; charset=utf-8", body: page(await latest(server)) }),
        },
        {
          method: "GET",
          path: "/latest-studies/list",
          tag: "Latest studies",
          summary: "List the studies that came last",
          handle: async () => json((await latest(server)).map(({ ID }) => ID)),
        },
      ],
    };
  },
};

export default latestStudies;

async function latest({ ask }: PluginServer): Promise<readonly Study[]> {
  const answer = await ask("POST", "/tools/find", {
    Level: "Study",
    Query: {},
    Expand: true,
    OrderBy: [{ Type: "Metadata", Key: "LastUpdate", Direction: "DESC" }],
    Limit: shown,
  });
  return (await answer.json()) as readonly Study[];
}

function page(studies: readonly Study[]): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Latest studies</title>
<h1>Latest studies</h1>
<ul>
${studies.map(entry).join("\n")}
</ul>
</html>
`;
}

function entry({ ID, MainDicomTags, PatientMainDicomTags }: Study): string {
  const title = [PatientMainDicomTags["PatientName"], MainDicomTags["StudyDate"], MainDicomTags["StudyDescription"]];
  const text = title.filter((part) => part !== undefined && part !== "").join(", ");
  return `<li><a href="studies/${ID}/archive">${escaped(text === "" ? ID : text)}</a></li>`;
}

/** What comes from files must not become markup. */
function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
