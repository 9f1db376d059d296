/** Everything about the emulator that can be changed while it runs. */
export interface EmulatorSettings {
  /** Lifetime of new tokens, in seconds. */
  readonly expiresIn: number;
  /** How the token answer spells `expires_in`. */
  readonly expiresInForm: "number" | "string" | "missing";
  /** Added to this machine's clock, for everything that the emulator judges by time, in seconds. */
  readonly clockOffset: number;
  /** Added to the emulator's clock in `Date` headers only, in seconds. */
  readonly dateOffset: number;
  /** The refresh grant answers an `id_token` too. */
  readonly idToken: boolean;
  /** The refresh grant replaces the refresh token. */
  readonly rotateRefreshTokens: boolean;
  /** Failed items of STOW answers name their SOP class and instance. */
  readonly failedItemsHaveUids: boolean;
  /** Error frames come wrapped in an array. */
  readonly errorsAsArray: boolean;
  /** A `limit` over the maximum is an error, or lowered to the maximum. */
  readonly excessiveLimit: "refuse" | "clamp";
  /** For so long after a store or delete, searches do not know of it, in seconds. */
  readonly indexLag: number;
  /** An operation answers `done: false` so many times. */
  readonly operationPolls: number;
  /** An operation that nobody polls is done after this time, in seconds. */
  readonly operationTime: number;
  /** Requests to the DICOMweb surface per minute, project and location; 0 for no limit. */
  readonly requestsPerMinute: number;
  /** `Retry-After` of the quota's 429, in seconds; 0 for none. */
  readonly quotaRetryAfter: number;
}

export const defaultSettings: EmulatorSettings = {
  expiresIn: 3599,
  expiresInForm: "number",
  clockOffset: 0,
  dateOffset: 0,
  idToken: false,
  rotateRefreshTokens: false,
  failedItemsHaveUids: true,
  errorsAsArray: false,
  excessiveLimit: "refuse",
  indexLag: 0,
  operationPolls: 0,
  operationTime: 5,
  requestsPerMinute: 0,
  quotaRetryAfter: 0,
};

const choices: Readonly<Record<string, readonly string[]>> = {
  expiresInForm: ["number", "string", "missing"],
  excessiveLimit: ["refuse", "clamp"],
};

/** The settings in force, and the clock that they set. */
export interface LiveSettings {
  current(): EmulatorSettings;
  change(patch: Partial<EmulatorSettings>): void;
  /** The emulator's time, in milliseconds. */
  now(): number;
}

export function createLiveSettings(start: Partial<EmulatorSettings>): LiveSettings {
  let settings = { ...defaultSettings, ...start };
  return {
    current: () => settings,
    change: (patch) => {
      settings = { ...settings, ...patch };
    },
    now: () => Date.now() + settings.clockOffset * 1000,
  };
}

/** Checks a patch that came as JSON: known names, the type of the default, a listed choice. Throws `TypeError`. */
export function parseSettings(value: unknown): Partial<EmulatorSettings> {
  if (typeof value !== "object" || value === null) throw new TypeError("expected an object of settings");
  for (const [name, given] of Object.entries(value)) {
    const expected = Object.entries(defaultSettings).find(([known]) => known === name)?.[1];
    if (expected === undefined) throw new TypeError(`unknown setting ${name}`);
    if (typeof given !== typeof expected) throw new TypeError(`${name}: expected a ${typeof expected}`);
    const allowed = choices[name];
    if (allowed !== undefined && !allowed.includes(String(given))) {
      throw new TypeError(`${name}: expected one of ${allowed.join(", ")}`);
    }
  }
  return value;
}
