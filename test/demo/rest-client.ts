/** Calls the REST API and throws with the server's own words when it does not succeed. */
export async function call(
  url: string,
  options: { readonly method?: string; readonly json?: unknown; readonly bytes?: Buffer<ArrayBuffer> } = {},
): Promise<Response> {
  const { json, bytes } = options;
  const body = json === undefined ? bytes : JSON.stringify(json);
  const response = await fetch(url, {
    method: options.method ?? (body === undefined ? "GET" : "POST"),
    ...(body === undefined ? {} : { body }),
  });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return response;
}

export async function callJson<T>(url: string, options: Parameters<typeof call>[1] = {}): Promise<T> {
  return (await (await call(url, options)).json()) as T;
}
