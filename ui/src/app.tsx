import type { VNode } from "preact";
import { getJson } from "./api.ts";
import { useLoaded } from "./loaded.ts";
import { AccountsPage } from "./pages/accounts.tsx";
import { CloudPage } from "./pages/cloud.tsx";
import { JobsPage } from "./pages/jobs.tsx";
import { StudiesPage } from "./pages/studies.tsx";
import { StudyPage } from "./pages/study.tsx";
import { UploadPanel } from "./parts/upload.tsx";
import { address, useAddress } from "./router.ts";

interface System {
  readonly Name: string;
  readonly Version: string;
}

const sections = [
  { page: "", title: "Studies" },
  { page: "cloud", title: "Cloud" },
  { page: "accounts", title: "Accounts" },
  { page: "jobs", title: "Jobs" },
] as const;

function Page({ path }: { readonly path: readonly string[] }): VNode {
  const [page, argument] = path;
  if (page === undefined) return <StudiesPage />;
  if (page === "study" && argument !== undefined) return <StudyPage id={argument} />;
  if (page === "cloud") return <CloudPage account={argument} />;
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
  const path = useAddress();
  const [system] = useLoaded("system", (signal) => getJson<System>("system", signal));
  const present = path[0] === "study" ? "" : (path[0] ?? "");
  return (
    <>
      <header class="bar">
        <a class="brand" href={address()}>
          <img src="./favicon.svg" alt="" width="24" height="24" />
          {system.state === "ready" ? system.value.Name : "Greyhaven"}
        </a>
        <nav aria-label="Sections">
          {sections.map(({ page, title }) => (
            <a
              key={page}
              href={address(...(page === "" ? [] : [page]))}
              aria-current={present === page ? "page" : undefined}
            >
              {title}
            </a>
          ))}
        </nav>
      </header>
      <main>
        <Page path={path} />
      </main>
      <UploadPanel />
    </>
  );
}
