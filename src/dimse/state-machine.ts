/** States of PS3.8 Tables 9-1 to 9-5. */
export type State = `Sta${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13}`;

/** Events of PS3.8 Table 9-10. */
export type UpperLayerEvent =
  /** A-ASSOCIATE request (local user). */
  | "Evt1"
  /** Transport connection confirmation (local transport service). */
  | "Evt2"
  /** A-ASSOCIATE-AC PDU received. */
  | "Evt3"
  /** A-ASSOCIATE-RJ PDU received. */
  | "Evt4"
  /** Transport connection indication (local transport service). */
  | "Evt5"
  /** A-ASSOCIATE-RQ PDU received. */
  | "Evt6"
  /** A-ASSOCIATE response primitive, accept (local user). */
  | "Evt7"
  /** A-ASSOCIATE response primitive, reject (local user). */
  | "Evt8"
  /** P-DATA request primitive (local user). */
  | "Evt9"
  /** P-DATA-TF PDU received. */
  | "Evt10"
  /** A-RELEASE request primitive (local user). */
  | "Evt11"
  /** A-RELEASE-RQ PDU received. */
  | "Evt12"
  /** A-RELEASE-RP PDU received. */
  | "Evt13"
  /** A-RELEASE response primitive (local user). */
  | "Evt14"
  /** A-ABORT request primitive (local user). */
  | "Evt15"
  /** A-ABORT PDU received. */
  | "Evt16"
  /** Transport connection closed indication (local transport service). */
  | "Evt17"
  /** ARTIM timer expired. */
  | "Evt18"
  /** Unrecognized or invalid PDU received. */
  | "Evt19";

/** Actions of PS3.8 Tables 9-6 to 9-9. */
export type Action =
  | `AE-${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8}`
  | `DT-${1 | 2}`
  | `AR-${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10}`
  | `AA-${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8}`;

/** What an action consists of. */
export type Effect =
  | "open connection"
  | "accept connection"
  | "close connection"
  | "start ARTIM"
  | "stop ARTIM"
  | "send A-ASSOCIATE-RQ"
  | "send A-ASSOCIATE-AC"
  | "send A-ASSOCIATE-RJ"
  | "send P-DATA-TF"
  | "send A-RELEASE-RQ"
  | "send A-RELEASE-RP"
  | "send A-ABORT of service-user"
  | "send A-ABORT of service-provider"
  | "indicate A-ASSOCIATE"
  | "confirm A-ASSOCIATE"
  | "indicate P-DATA"
  | "indicate A-RELEASE"
  | "confirm A-RELEASE"
  | "indicate A-ABORT"
  | "indicate A-P-ABORT";

export interface Outcome {
  readonly effects: readonly Effect[];
  readonly next: State;
}

/** What two of the actions depend on. */
export interface Conditions {
  /** AR-8: this side is the association-requestor. */
  readonly requestor: boolean;
  /** AE-6: the A-ASSOCIATE-RQ is acceptable by the service-provider. */
  readonly acceptable: boolean;
}

interface ConditionalOutcome {
  readonly condition: keyof Conditions;
  readonly yes: Outcome;
  readonly no: Outcome;
}

const ignored: Outcome = { effects: [], next: "Sta13" };
const aborted: Outcome = { effects: ["send A-ABORT of service-provider"], next: "Sta13" };

/** PS3.8 Tables 9-6 to 9-9. Indications come last, since the user may answer them at once. */
const actions: Readonly<Record<Action, Outcome | ConditionalOutcome>> = {
  "AE-1": { effects: ["open connection"], next: "Sta4" },
  "AE-2": { effects: ["send A-ASSOCIATE-RQ"], next: "Sta5" },
  "AE-3": { effects: ["confirm A-ASSOCIATE"], next: "Sta6" },
  "AE-4": { effects: ["close connection", "confirm A-ASSOCIATE"], next: "Sta1" },
  "AE-5": { effects: ["accept connection", "start ARTIM"], next: "Sta2" },
  "AE-6": {
    condition: "acceptable",
    yes: { effects: ["stop ARTIM", "indicate A-ASSOCIATE"], next: "Sta3" },
    no: { effects: ["stop ARTIM", "send A-ASSOCIATE-RJ", "start ARTIM"], next: "Sta13" },
  },
  "AE-7": { effects: ["send A-ASSOCIATE-AC"], next: "Sta6" },
  "AE-8": { effects: ["send A-ASSOCIATE-RJ", "start ARTIM"], next: "Sta13" },
  "DT-1": { effects: ["send P-DATA-TF"], next: "Sta6" },
  "DT-2": { effects: ["indicate P-DATA"], next: "Sta6" },
  "AR-1": { effects: ["send A-RELEASE-RQ"], next: "Sta7" },
  "AR-2": { effects: ["indicate A-RELEASE"], next: "Sta8" },
  "AR-3": { effects: ["close connection", "confirm A-RELEASE"], next: "Sta1" },
  "AR-4": { effects: ["send A-RELEASE-RP", "start ARTIM"], next: "Sta13" },
  "AR-5": { effects: ["stop ARTIM"], next: "Sta1" },
  "AR-6": { effects: ["indicate P-DATA"], next: "Sta7" },
  "AR-7": { effects: ["send P-DATA-TF"], next: "Sta8" },
  "AR-8": {
    condition: "requestor",
    yes: { effects: ["indicate A-RELEASE"], next: "Sta9" },
    no: { effects: ["indicate A-RELEASE"], next: "Sta10" },
  },
  "AR-9": { effects: ["send A-RELEASE-RP"], next: "Sta11" },
  "AR-10": { effects: ["confirm A-RELEASE"], next: "Sta12" },
  "AA-1": { effects: ["send A-ABORT of service-user", "start ARTIM"], next: "Sta13" },
  "AA-2": { effects: ["stop ARTIM", "close connection"], next: "Sta1" },
  "AA-3": { effects: ["close connection", "indicate A-ABORT"], next: "Sta1" },
  "AA-4": { effects: ["indicate A-P-ABORT"], next: "Sta1" },
  "AA-5": { effects: ["stop ARTIM"], next: "Sta1" },
  "AA-6": ignored,
  "AA-7": aborted,
  "AA-8": { effects: ["send A-ABORT of service-provider", "start ARTIM", "indicate A-P-ABORT"], next: "Sta13" },
};

type Cell = Action | "";

const columns: Readonly<Record<State, number>> = {
  Sta1: 0,
  Sta2: 1,
  Sta3: 2,
  Sta4: 3,
  Sta5: 4,
  Sta6: 5,
  Sta7: 6,
  Sta8: 7,
  Sta9: 8,
  Sta10: 9,
  Sta11: 10,
  Sta12: 11,
  Sta13: 12,
};

/** PS3.8 Table 9-10: a row per event, a column per state; an empty cell cannot happen. */
// prettier-ignore
const transitions: Readonly<Record<UpperLayerEvent, readonly Cell[]>> = {
  //       Sta1    Sta2    Sta3    Sta4    Sta5    Sta6    Sta7    Sta8    Sta9    Sta10    Sta11   Sta12   Sta13
  Evt1:  ["AE-1", "",     "",     "",     "",     "",     "",     "",     "",     "",      "",     "",     ""],
  Evt2:  ["",     "",     "",     "AE-2", "",     "",     "",     "",     "",     "",      "",     "",     ""],
  Evt3:  ["",     "AA-1", "AA-8", "",     "AE-3", "AA-8", "AA-8", "AA-8", "AA-8", "AA-8",  "AA-8", "AA-8", "AA-6"],
  Evt4:  ["",     "AA-1", "AA-8", "",     "AE-4", "AA-8", "AA-8", "AA-8", "AA-8", "AA-8",  "AA-8", "AA-8", "AA-6"],
  Evt5:  ["AE-5", "",     "",     "",     "",     "",     "",     "",     "",     "",      "",     "",     ""],
  Evt6:  ["",     "AE-6", "AA-8", "",     "AA-8", "AA-8", "AA-8", "AA-8", "AA-8", "AA-8",  "AA-8", "AA-8", "AA-7"],
  Evt7:  ["",     "",     "AE-7", "",     "",     "",     "",     "",     "",     "",      "",     "",     ""],
  Evt8:  ["",     "",     "AE-8", "",     "",     "",     "",     "",     "",     "",      "",     "",     ""],
  Evt9:  ["",     "",     "",     "",     "",     "DT-1", "",     "AR-7", "",     "",      "",     "",     ""],
  Evt10: ["",     "AA-1", "AA-8", "",     "AA-8", "DT-2", "AR-6", "AA-8", "AA-8", "AA-8",  "AA-8", "AA-8", "AA-6"],
  Evt11: ["",     "",     "",     "",     "",     "AR-1", "",     "",     "",     "",      "",     "",     ""],
  Evt12: ["",     "AA-1", "AA-8", "",     "AA-8", "AR-2", "AR-8", "AA-8", "AA-8", "AA-8",  "AA-8", "AA-8", "AA-6"],
  Evt13: ["",     "AA-1", "AA-8", "",     "AA-8", "AA-8", "AR-3", "AA-8", "AA-8", "AR-10", "AR-3", "AA-8", "AA-6"],
  Evt14: ["",     "",     "",     "",     "",     "",     "",     "AR-4", "AR-9", "",      "",     "AR-4", ""],
  Evt15: ["",     "",     "AA-1", "AA-2", "AA-1", "AA-1", "AA-1", "AA-1", "AA-1", "AA-1",  "AA-1", "AA-1", ""],
  Evt16: ["",     "AA-2", "AA-3", "",     "AA-3", "AA-3", "AA-3", "AA-3", "AA-3", "AA-3",  "AA-3", "AA-3", "AA-2"],
  Evt17: ["",     "AA-5", "AA-4", "AA-4", "AA-4", "AA-4", "AA-4", "AA-4", "AA-4", "AA-4",  "AA-4", "AA-4", "AR-5"],
  Evt18: ["",     "AA-2", "",     "",     "",     "",     "",     "",     "",     "",      "",     "",     "AA-2"],
  Evt19: ["",     "AA-1", "AA-8", "",     "AA-8", "AA-8", "AA-8", "AA-8", "AA-8", "AA-8",  "AA-8", "AA-8", "AA-7"],
};

/** The action of a cell of PS3.8 Table 9-10; undefined where the event cannot happen. */
export function actionOf(state: State, event: UpperLayerEvent): Action | undefined {
  const cell = transitions[event][columns[state]];
  return cell === "" ? undefined : cell;
}

/** What is to be done and the next state; undefined where the event cannot happen in the state (an empty cell). */
export function step(state: State, event: UpperLayerEvent, conditions: Conditions): Outcome | undefined {
  const action = actionOf(state, event);
  if (action === undefined) return undefined;
  const outcome = actions[action];
  if (!("condition" in outcome)) return outcome;
  return conditions[outcome.condition] ? outcome.yes : outcome.no;
}
