import rows from "./orthanc-routes.json" with { type: "json" };

/** A route of Orthanc 1.13 and its plugins, as its documentation and its answers show it. */
export interface OrthancRoute {
  /** With `{variables}`. */
  readonly path: string;
  readonly methods: readonly string[];
  /** e.g. `core/instances`, `dicomweb/server`. */
  readonly area: string;
  /** The version that brought it, with remarks: `1.4.0 (DELETE 1.12.2)`, `plugin 1.19`; absent where it is older than what is compared. */
  readonly since?: string;
  readonly parameters?: readonly OrthancParameter[];
  readonly purpose: string;
}

export interface OrthancParameter {
  /** Absent where all methods of the route have it. */
  readonly method?: string;
  readonly name: string;
  readonly in: string;
  readonly type: string;
}

export const orthancRoutes: readonly OrthancRoute[] = rows;
