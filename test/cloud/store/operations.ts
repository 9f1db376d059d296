import { randomBytes } from "node:crypto";
import { jsonReply, type Reply } from "../http/exchange.ts";
import { GoogleError } from "../http/google-error.ts";
import type { LiveSettings } from "../settings.ts";

/** Long-running operations (google.longrunning.Operation). */
export interface Operations {
  /** Begins an operation of `dataset` (`projects/…/datasets/D`); `finish` is called once, when it is found to be done. */
  begin(dataset: string, method: string, finish: () => void): Reply;
  /** `GET /v1/{name}`: counts as a poll. */
  poll(name: string): Reply;
  /** Finishes what nobody polls and whose time is up. */
  settle(): void;
}

interface Operation {
  readonly name: string;
  readonly method: string;
  readonly created: number;
  readonly finish: () => void;
  polls: number;
  done: boolean;
}

export function createOperations(settings: LiveSettings): Operations {
  const operations = new Map<string, Operation>();
  const settle = (operation: Operation): void => {
    const { operationPolls, operationTime } = settings.current();
    const due = operation.polls > operationPolls || settings.now() - operation.created >= operationTime * 1000;
    if (operation.done || !(due || operationPolls === 0)) return;
    operation.done = true;
    operation.finish();
  };
  return {
    begin(dataset, method, finish) {
      const name = `${dataset}/operations/${randomBytes(8).readBigUInt64BE()}`;
      const operation = { name, method, created: settings.now(), finish, polls: 0, done: false };
      operations.set(name, operation);
      settle(operation);
      return jsonReply({ name });
    },
    poll(name) {
      const operation = operations.get(name);
      if (operation === undefined) throw new GoogleError("NOT_FOUND", `Operation "${name}" not found.`);
      operation.polls += 1;
      settle(operation);
      return jsonReply(describe(operation));
    },
    settle: () => {
      for (const operation of operations.values()) settle(operation);
    },
  };
}

function describe(operation: Operation): object {
  return {
    name: operation.name,
    metadata: {
      "@type": "type.googleapis.com/google.cloud.healthcare.v1.OperationMetadata",
      apiMethodName: `google.cloud.healthcare.v1.dicom.DicomService.${operation.method}`,
      createTime: new Date(operation.created).toISOString(),
    },
    ...(operation.done
      ? { done: true, response: { "@type": "type.googleapis.com/google.protobuf.Empty" } }
      : { done: false }),
  };
}
