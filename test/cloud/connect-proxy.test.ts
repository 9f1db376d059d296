import { once } from "node:events";
import { request } from "node:http";
import { connect as connectTls } from "node:tls";
import { expect, test } from "vitest";
import { startConnectProxy } from "./connect-proxy.ts";
import { startEmulator } from "./emulator.ts";

async function tunnel(proxy: string, target: string, headers = {}): Promise<{ status: number; said: string }> {
  const outgoing = request(proxy, { method: "CONNECT", path: target, headers }).end();
  const [response, socket] = await once(outgoing, "connect");
  if (response.statusCode !== 200) return { status: response.statusCode, said: "" };
  const secure = connectTls({ socket, rejectUnauthorized: false });
  secure.write("GET /nowhere HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  let said = "";
  for await (const chunk of secure) said += String(chunk);
  return { status: 200, said };
}

test("tunnels to the emulator, with a password where one is asked for", async () => {
  const emulator = await startEmulator();
  const proxy = await startConnectProxy("me:secret");
  try {
    const target = new URL(emulator.url).host;
    expect((await tunnel(proxy.url, target)).status).toBe(407);
    const headers = { "proxy-authorization": `Basic ${Buffer.from("me:secret").toString("base64")}` };
    expect((await tunnel(proxy.url, target, headers)).said).toContain("404 Not Found");
    expect(proxy.tunnels).toEqual([target, target]);
  } finally {
    await proxy.close();
    await emulator.close();
  }
});
