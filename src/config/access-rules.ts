import { ServerError } from "../util/errors.ts";
import type { Located } from "./located.ts";
import type { Configuration } from "./options.ts";

/**
 * Warnings about who may reach the server. Remote access with authentication but without the option `RegisteredUsers`
 * stops the start, as it does in Orthanc 1.13: IncompatibleConfigurations (47).
 */
export function accessWarnings(configuration: Configuration, root: Located): readonly string[] {
  const { HttpServerEnabled, RemoteAccessAllowed, AuthenticationEnabled, RegisteredUsers } = configuration;
  if (!HttpServerEnabled || !RemoteAccessAllowed) return [];
  if (!AuthenticationEnabled)
    return ["Remote access is allowed without authentication: whoever reaches the HTTP port has full access"];
  if (root.members?.has("RegisteredUsers") !== true) {
    throw new ServerError(
      "IncompatibleConfigurations",
      'RemoteAccessAllowed is true and authentication is on, but there is no "RegisteredUsers": add users, or set "AuthenticationEnabled" to false',
    );
  }
  return Object.keys(RegisteredUsers).length === 0
    ? ["RegisteredUsers is empty: every HTTP request will be refused"]
    : [];
}
