import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { sharedData } from "../../test/shared-data.ts";
import type { OptionNode, OptionTable } from "./option.ts";
import { coreGroups, options, sections } from "./options.ts";
import { isSecret, secretPaths } from "./secrets.ts";

interface NamedOption {
  readonly path: string;
  readonly node: OptionNode;
}

/** Every node of the table under its path in the words of the reference: `DicomWeb/Servers.*`, `Url`. */
function everyNode(table: OptionTable, section: string): readonly NamedOption[] {
  return Object.entries(table).flatMap(([name, node]) => {
    const here = { path: section === "" ? name : `${section}/${name}`, node };
    if (node.kind === "option") return [here];
    return [here, ...everyNode(node.members, node.kind === "entries" ? `${here.path}.*` : here.path)];
  });
}

const data = sharedData();

describe.skipIf(data === undefined)("the reference", () => {
  const file = join(data ?? "", "../reference/config-options.json");
  const reference: { options: { name: string; section: string }[] } = JSON.parse(readFileSync(file, "utf8"));

  test("every option of Orthanc is known by name", () => {
    const names = new Set(everyNode(options, "").map(({ path }) => path));
    const missing = reference.options
      .map(({ name, section }) => `${section.replace(/^core(-advanced)?\/?/, "")}/${name}`.replace(/^\//, ""))
      .filter((path) => path !== "ServeFolders/{uri}" && !names.has(path));
    expect(reference.options).toHaveLength(373);
    expect(missing).toEqual([]);
  });
});

describe("the table", () => {
  const nodes = everyNode(options, "");

  test("every default is of the option's own type", () => {
    const wrong = nodes.filter(
      ({ node }) => node.kind === "option" && "default" in node && !node.type.schema.safeParse(node.default).success,
    );
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  test("every option says what it is for, in one line", () => {
    expect(nodes.filter(({ node }) => node.text.trim() === "" || node.text.includes("\n"))).toEqual([]);
  });

  test("no option stands in two groups", () => {
    const names = [...Object.values(coreGroups), sections].flatMap((table) => Object.keys(table));
    expect(names.length).toBe(new Set(names).size);
    expect(new Set(names)).toEqual(new Set(Object.keys(options)));
  });
});

describe("secrets", () => {
  test("are those of users, servers, accounts and proxies", () => {
    expect(secretPaths.map((path) => path.join(".")).sort()).toEqual([
      "DicomWeb.Servers.*.CertificateKeyPassword",
      "DicomWeb.Servers.*.HttpHeaders",
      "DicomWeb.Servers.*.Password",
      "GoogleCloudPlatform.Accounts.*.AuthorizedUserClientSecret",
      "GoogleCloudPlatform.Accounts.*.AuthorizedUserRefreshToken",
      "HttpProxy",
      "OrthancExplorer2.Emails.Server",
      "OrthancPeers.*.CertificateKeyPassword",
      "OrthancPeers.*.HttpHeaders",
      "OrthancPeers.*.Password",
      "Pkcs11",
      "RegisteredUsers",
    ]);
  });

  test.each([
    ["RegisteredUsers", true],
    ["RegisteredUsers.alice", true],
    ["DicomWeb.Servers.x.Password", true],
    ["DicomWeb.Servers.x", true],
    ["DicomWeb.Servers.x.Url", false],
    ["Name", false],
  ])("%s: %s", (path, secret) => {
    expect(isSecret(path.split("."))).toBe(secret);
  });
});
