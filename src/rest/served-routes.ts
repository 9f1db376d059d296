import type { Route } from "../http/route.ts";

export interface ServedRoutesOptions {
  /** `ReadOnly`: nothing that the archive holds may change. */
  readonly readOnly: boolean;
  /** `PatientLevelEnabled` */
  readonly patientLevelEnabled: boolean;
}

/** Of all routes, those that this server has: what is left out answers as if it had never existed. */
export function servedRoutes(routes: readonly Route[], options: ServedRoutesOptions): readonly Route[] {
  return routes.filter(
    (route) =>
      !(options.readOnly && route.writes === true) &&
      (options.patientLevelEnabled || !/^\/patients(\/|$)/.test(route.path)),
  );
}
