import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { getJson } from "./api.ts";
import { useLoaded } from "./loaded.ts";
import { AccountsPage } from "./pages/accounts.tsx";
import { CloudPage } from "./pages/cloud.tsx";
import { JobsPage } from "./pages/jobs.tsx";
import { StudiesPage } from "./pages/studies.tsx";
import { StudyPage } from "./pages/study.tsx";
import { Failure } from "./parts/notices.tsx";
import { Upload } from "./parts/upload.tsx";
import { type Address, address, useAddress } from "./router.ts";

interface System {
  readonly Name: string;
}

const sections = [
  { page: undefined, title: "Studies" },
  { page: "cloud", title: "Cloud" },
  { page: "accounts", title: "Accounts" },
  { page: "jobs", title: "Jobs" },
] as const;

function Page({ path, query }: Address): VNode {
  const [page, argument] = path;
  if (page === undefined) return <StudiesPage search={query} />;
  if (page === "study" && argument !== undefined) return <StudyPage key={argument} id={argument} />;
  if (page === "cloud") return <CloudPage account={argument} search={query} />;
  if (page === "accounts") return <AccountsPage />;
  if (page === "jobs") return <JobsPage />;
  return (
    <p class="notice">
      There is no such page. <a href={address()}>Back to the studies</a>
    </p>
  );
}

/** The frame of every page: name of the server, sections, upload. */
export function App(): VNode {
  const { path, query } = useAddress();
  const [system] = useLoaded("system", (signal) => getJson<System>("system", signal));
  const name = system.state === "ready" ? system.value.Name : "Greyhaven";
  const present = sections.find(({ page }) => page === (path[0] === "study" ? undefined : path[0]));
  useEffect(() => {
    document.title = present === undefined ? name : `${present.title} – ${name}`;
  }, [present, name]);
  return (
    <>
      <header class="bar">
        <a class="brand" href={address()}>
          <img src="./favicon.svg" alt="" width="24" height="24" />
          {name}
        </a>
        <nav aria-label="Sections">
          {sections.map((section) => (
            <a
              key={section.title}
              href={address(section.page === undefined ? [] : [section.page])}
              aria-current={section === present ? "page" : undefined}
            >
              {section.title}
            </a>
          ))}
        </nav>
        <Upload />
      </header>
      <main>
        {system.state === "failed" && <Failure message={system.message} />}
        <Page path={path} query={query} />
      </main>
    </>
  );
}
