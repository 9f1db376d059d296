import type { Duplex } from "node:stream";
import { AssociationError } from "./association.ts";
import { writeControlPdu } from "./control-pdu.ts";
import { Outbox } from "./outbox.ts";
import {
  rejections,
  type AssociateAcceptPdu,
  type AssociateRejectPdu,
  type AssociateRequestPdu,
  type ControlPdu,
} from "./pdu.ts";
import { PduDecoder, type Fragment, type PduSink } from "./pdu-decoder.ts";
import { abortReasons, describeAbort, ProtocolError } from "./protocol-error.ts";
import { SilenceTimer } from "./silence-timer.ts";
import { actionOf, step, type Effect, type State, type UpperLayerEvent } from "./state-machine.ts";

export interface UpperLayerOptions {
  readonly side: "requestor" | "acceptor";
  /** Of the P-DATA-TF that this side receives, as in its A-ASSOCIATE PDU. */
  readonly maximumPduLength: number;
  /** ARTIM timer, seconds (PS3.8 §9.1.5). */
  readonly artim: number;
  /** Seconds of silence where it is the other side's turn; 0: no limit. */
  readonly timeout: number;
}

/** Who uses the upper layer: it gets the indications and confirmations. */
export interface UpperLayerUser {
  /** A-ASSOCIATE indication of an acceptor, confirmation of a requestor. */
  associate(pdu: AssociateRequestPdu | AssociateAcceptPdu | AssociateRejectPdu): void;
  /** P-DATA indication. Throws `ProtocolError` for what cannot be part of a message. */
  fragment(fragment: Fragment): void;
  /** Whether the other side has to do something now, while the association is established. `isHeld`: this side does not read. */
  isPeersTurn(isHeld: boolean): boolean;
  /** There is no association any more: released (undefined), aborted, broken. Called once. */
  end(failure: AssociationError | undefined): void;
  /** The connection is closed; the last call. */
  close(): void;
}

/** Events of the PDUs that are received. */
const receivedEvents: Readonly<Record<ControlPdu["type"], UpperLayerEvent>> = {
  "A-ASSOCIATE-RQ": "Evt6",
  "A-ASSOCIATE-AC": "Evt3",
  "A-ASSOCIATE-RJ": "Evt4",
  "A-RELEASE-RQ": "Evt12",
  "A-RELEASE-RP": "Evt13",
  "A-ABORT": "Evt16",
};

const nothing = (): void => {};

/** States where the A-RELEASE response primitive is awaited; it is given at once. */
const awaitingReleaseResponse = new Set<State>(["Sta8", "Sta9", "Sta12"]);
/** States that the ARTIM timer watches, or where nothing can be awaited. */
const withoutSilenceTimer = new Set<State>(["Sta1", "Sta2", "Sta3", "Sta13"]);

/**
 * The upper layer protocol on one connection (PS3.8 §9): the state machine and what its actions do to the socket, the timers
 * and the user.
 */
export class UpperLayer implements PduSink {
  readonly outbox: Outbox;
  readonly #socket: Duplex;
  readonly #options: UpperLayerOptions;
  readonly #decoder: PduDecoder;
  readonly #silence: SilenceTimer;
  readonly #user: UpperLayerUser;
  #state: State = "Sta1";
  readonly #effects = this.#effectTable();
  #artim: NodeJS.Timeout | undefined;
  #failure: AssociationError | undefined;
  #holds = 0;
  #isDeaf = false;
  #hasEnded = false;

  constructor(socket: Duplex, options: UpperLayerOptions, user: UpperLayerUser) {
    this.#socket = socket;
    this.#options = options;
    this.#user = user;
    this.outbox = new Outbox(socket);
    this.#decoder = new PduDecoder(options.maximumPduLength, this);
    this.#silence = new SilenceTimer(
      options.timeout,
      () => this.#isPeersTurn(),
      () => this.abort(new AssociationError("timeout", `No sign of life for ${options.timeout} seconds`)),
    );
    socket.on("data", (chunk: Buffer) => this.#received(chunk));
    socket.on("drain", () => this.#silence.touch());
    socket.on("error", (error) => {
      this.#failure ??= new AssociationError("network", networkMessage(error), { cause: error });
    });
    socket.on("end", () => this.#disconnected());
    socket.on("close", () => {
      this.#disconnected();
      this.#silence.stop();
      user.close();
    });
  }

  get state(): State {
    return this.#state;
  }

  /** Whether P-DATA may be sent. */
  get canSend(): boolean {
    return actionOf(this.#state, "Evt9") !== undefined;
  }

  /** Something has happened that makes it the other side's turn, or proves that it lives. */
  touch(): void {
    this.#silence.touch();
  }

  /** The acceptor's connection is there. */
  accepted(): void {
    this.#event("Evt5");
  }

  /** A-ASSOCIATE request, while the connection opens. */
  associate(): void {
    this.#event("Evt1");
  }

  /** The requestor's connection is there. */
  connected(pdu: AssociateRequestPdu): void {
    this.#event("Evt2", pdu);
  }

  /** A-ASSOCIATE response. */
  respond(pdu: AssociateAcceptPdu | AssociateRejectPdu): void {
    this.#event(pdu.type === "A-ASSOCIATE-AC" ? "Evt7" : "Evt8", pdu);
  }

  /** A-RELEASE request. */
  release(): void {
    this.#event("Evt11");
  }

  /** A-ABORT request. With a `ProtocolError` it is the service-provider's abort. */
  abort(failure: AssociationError): void {
    this.#failure ??= failure;
    this.#event(failure instanceof ProtocolError ? "Evt19" : "Evt15");
    this.#end(this.#failure);
  }

  /** A-ABORT, and no wait for the other side to close the connection; ARTIM bounds the time that it needs to take the A-ABORT. */
  disconnect(failure: AssociationError): void {
    this.abort(failure);
    if (this.outbox.isBlocked) this.#socket.destroy();
    else this.#socket.end(() => this.#socket.destroy());
  }

  /** Stops reading until `letGo` was called as often. */
  hold(): void {
    this.#holds += 1;
    if (this.#holds === 1 && !this.#hasEnded) this.#socket.pause();
  }

  letGo(): void {
    this.#holds -= 1;
    if (this.#holds > 0) return;
    this.#silence.touch();
    this.#socket.resume();
  }

  /** Of the decoder. */
  pdu(pdu: ControlPdu): void {
    this.#event(receivedEvents[pdu.type], pdu);
  }

  /** Of the decoder. */
  fragment(fragment: Fragment): void {
    const action = actionOf(this.#state, "Evt10");
    if (action === "DT-2" || action === "AR-6") this.#user.fragment(fragment);
    else this.#event("Evt10");
  }

  #received(chunk: Buffer): void {
    this.#silence.touch();
    if (this.#isDeaf) return;
    try {
      this.#decoder.push(chunk);
    } catch (error) {
      // After a bad length nobody knows where the next PDU begins.
      this.#isDeaf = true;
      this.abort(
        error instanceof ProtocolError ? error : new AssociationError("aborted", String(error), { cause: error }),
      );
    }
  }

  #disconnected(): void {
    this.#failure ??= new AssociationError("network", "The other side closed the connection");
    this.#event("Evt17");
    clearTimeout(this.#artim);
    if (!this.#socket.destroyed) this.#socket.destroy();
  }

  #isPeersTurn(): boolean {
    if (withoutSilenceTimer.has(this.#state)) return false;
    if (this.outbox.isBlocked) return true;
    const isHeld = this.#holds > 0;
    return this.#state === "Sta6" ? this.#user.isPeersTurn(isHeld) : !isHeld;
  }

  #end(failure: AssociationError | undefined): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    // Only so the end of the connection is seen; what still comes is dropped.
    this.#socket.resume();
    this.#user.end(failure);
  }

  #event(event: UpperLayerEvent, subject?: ControlPdu): void {
    const refusal = subject?.type === "A-ASSOCIATE-RQ" && event === "Evt6" ? refusalOf(subject) : undefined;
    const outcome = step(this.#state, event, {
      requestor: this.#options.side === "requestor",
      acceptable: refusal === undefined,
    });
    if (outcome === undefined) return;
    this.#state = outcome.next;
    for (const effect of outcome.effects) this.#effects[effect](refusal ?? subject);
    if (awaitingReleaseResponse.has(this.#state)) this.#event("Evt14");
  }

  /** What the effects do (PS3.8 Tables 9-6 to 9-9). The socket is made by who makes this object; data goes a shorter way. */
  #effectTable(): Readonly<Record<Effect, (subject: ControlPdu | undefined) => void>> {
    const send = (pdu: ControlPdu | undefined): void => this.#send(pdu);
    return {
      "open connection": nothing,
      "accept connection": nothing,
      "close connection": () => this.#socket.destroy(),
      "start ARTIM": () => this.#startArtim(),
      "stop ARTIM": () => clearTimeout(this.#artim),
      "send A-ASSOCIATE-RQ": send,
      "send A-ASSOCIATE-AC": send,
      "send A-ASSOCIATE-RJ": send,
      "send P-DATA-TF": nothing,
      "send A-RELEASE-RQ": () => this.#send({ type: "A-RELEASE-RQ" }),
      "send A-RELEASE-RP": () => this.#send({ type: "A-RELEASE-RP" }),
      "send A-ABORT of service-user": () => this.#send({ type: "A-ABORT", source: 0, reason: 0 }),
      "send A-ABORT of service-provider": () => this.#sendProviderAbort(),
      "indicate A-ASSOCIATE": (pdu) => this.#associate(pdu),
      "confirm A-ASSOCIATE": (pdu) => this.#associate(pdu),
      "indicate P-DATA": nothing,
      "indicate A-RELEASE": () => this.#end(undefined),
      "confirm A-RELEASE": () => this.#end(undefined),
      "indicate A-ABORT": (pdu) => {
        if (pdu?.type === "A-ABORT") this.#end(new AssociationError("aborted", describeAbort(pdu)));
      },
      "indicate A-P-ABORT": () => this.#end(this.#failure),
    };
  }

  #associate(pdu: ControlPdu | undefined): void {
    if (pdu !== undefined && "user" in pdu) this.#user.associate(pdu);
    else if (pdu?.type === "A-ASSOCIATE-RJ") this.#user.associate(pdu);
  }

  #send(pdu: ControlPdu | undefined): void {
    if (pdu === undefined) return;
    this.outbox.add([writeControlPdu(pdu)]);
    this.outbox.flush();
  }

  #sendProviderAbort(): void {
    this.#failure ??= new ProtocolError("The other side sent a PDU that does not belong here", "unexpected PDU");
    const reason = this.#failure instanceof ProtocolError ? this.#failure.reason : "reason not specified";
    this.#send({ type: "A-ABORT", source: 2, reason: abortReasons[reason] });
  }

  #startArtim(): void {
    clearTimeout(this.#artim);
    this.#artim = setTimeout(() => this.#event("Evt18"), this.#options.artim * 1000);
    this.#artim.unref();
  }
}

/** PS3.8 §9.3.2: bit 0 of the protocol version. */
function refusalOf(pdu: AssociateRequestPdu): AssociateRejectPdu | undefined {
  if ((pdu.protocolVersion & 1) === 1) return undefined;
  return { type: "A-ASSOCIATE-RJ", ...rejections["protocol-version-not-supported"] };
}

/** An attempt at several addresses fails with an error without a message. */
function networkMessage(error: Error): string {
  const [first] = error instanceof AggregateError ? (error.errors as unknown[]) : [error];
  return first instanceof Error ? first.message : String(first);
}
