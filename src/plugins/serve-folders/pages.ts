/** One line of a listing. */
export interface ListedEntry {
  readonly name: string;
  readonly isDirectory: boolean;
}

/** The page of a directory: directories first, then files, each by name. */
export function directoryPage(title: string, entries: readonly ListedEntry[]): string {
  const sorted = [...entries].sort(
    (one, other) => Number(other.isDirectory) - Number(one.isDirectory) || one.name.localeCompare(other.name, "en"),
  );
  const links = sorted.map(({ name, isDirectory }) => {
    const slash = isDirectory ? "/" : "";
    return link(`./${encodeURIComponent(name)}${slash}`, name + slash);
  });
  return page(`Index of ${title}`, [link("../", "../"), ...links]);
}

/** The page that lists all served folders. `../` leads from `/app/` to the root, also below a proxy's path. */
export function foldersPage(uris: readonly string[]): string {
  return page(
    "Served folders",
    uris.map((uri) => link(`..${uri.split("/").map(encodeURIComponent).join("/")}/`, uri)),
  );
}

function link(href: string, text: string): string {
  return `<a href="${escaped(href)}">${escaped(text)}</a>`;
}

function page(title: string, links: readonly string[]): string {
  return `<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>${escaped(title)}</title></head>
<body>
<h1>${escaped(title)}</h1>
<ul>
${links.map((line) => `<li>${line}</li>`).join("\n")}
</ul>
</body>
</html>
`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
