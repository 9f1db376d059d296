/** What the demo leaves its user with. */
export function whatToTry(url: string, accounts: readonly string[]): string {
  const server = `${url}/dicom-web/servers/${accounts[0] ?? ""}`;
  return `
Greyhaven goes on running; stop it with Ctrl-C. What to try next:

  ${url}                          the web interface: upload, send to the cloud, browse the cloud
  ${url}/gcp/accounts?expand      the accounts and the state of their tokens
  curl ${url}/studies?expand
  curl ${server}/qido -d '{"Uri": "/studies"}'
  curl ${server}/stow -d '{"Resources": ["<id of a study>"]}'
  curl ${url}/gcp/accounts/${accounts[0] ?? ""}/check -d ''

With a store of your own: README.md, "Run it".`;
}
