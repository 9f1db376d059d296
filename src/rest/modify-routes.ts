import { checkIdentifying, readEdits } from "../archive/modify/edits.ts";
import { levelOfReplaced } from "../archive/modify/checks.ts";
import { newSeed, seededIdentifiers } from "../archive/modify/identifiers.ts";
import { modificationState, type ModificationOrder } from "../archive/modify/modification-order.ts";
import { modifiedFile } from "../archive/modify/modified-file.ts";
import { planModification } from "../archive/modify/plan.ts";
import type { ModificationRequest } from "../archive/modify/request.ts";
import { referencesTo } from "../archive/modify/resources.ts";
import type { Level } from "../catalog/catalog.ts";
import { json, stream } from "../http/reply.ts";
import type { HttpRequest, Reply, Route } from "../http/route.ts";
import { runSubmitted } from "../jobs/job-request.ts";
import { ServerError } from "../util/errors.ts";
import type { DerivationRoutesParts } from "./derivation-parts.ts";
import { type LevelRow, levelRowsDownwards, parseLevel, unknownResource } from "./levels.ts";
import {
  derivationFields,
  derivationOptions,
  keepLabelsField,
  modificationOf,
  type ModificationBody,
  modifyFields,
  readModificationBody,
  resourcesField,
} from "./modification-request.ts";
import { transcodingOfBody } from "./transcode-request.ts";

/** `/…/{id}/modify` and `/tools/bulk-modify`. */
export function modifyRoutes(parts: DerivationRoutesParts): readonly Route[] {
  const read = (body: ModificationBody) => modificationOf(body, parts.modificationDefaults);
  return [
    ...levelRowsDownwards.map((row): Route => ({
      method: "POST",
      path: `/${row.plural}/{id}/modify`,
      tag: row.plural,
      summary: row.level === "Instance" ? "A modified copy of the file" : `A modified copy of the ${row.singular}`,
      parameters: row.level === "Instance" ? modifyFields : [...modifyFields, keepLabelsField, ...derivationFields],
      ...(row.level === "Instance" ? {} : { writes: true }),
      handle: (request) => answerOne(parts, row, request, read),
    })),
    {
      method: "POST",
      path: "/tools/bulk-modify",
      tag: "System",
      summary: "Modified copies of several resources",
      parameters: [
        resourcesField,
        { name: "Level", in: "body", type: "string", summary: "Resources of this level and below become new ones" },
        ...modifyFields,
        keepLabelsField,
        ...derivationFields,
      ],
      writes: true,
      async handle(request) {
        const body = await readModificationBody(request);
        const modification = await read(body);
        const named = body.fields.string("Level");
        const level = named === undefined ? levelOfReplaced(modification.replace) : parseLevel(named);
        return answerBulk(parts, request, body, { request: modification, level });
      },
    },
  ];
}

/** Reads what is asked of the instances from a body. */
export type ReadRequest = (body: ModificationBody) => Promise<ModificationRequest>;

/** Modifies one resource: an instance is answered as a file, of others a job makes new ones. */
export async function answerOne(
  parts: DerivationRoutesParts,
  row: LevelRow,
  request: HttpRequest,
  read: ReadRequest,
): Promise<Reply> {
  const { id = "" } = request.parameters;
  const body = await readModificationBody(request);
  if ((await parts.catalog.levelOf(id)) !== row.level) throw unknownResource(row, id);
  const modification = await read(body);
  if (row.level === "Instance") return answerFile(parts, id, modification, body);
  const resources = [{ level: row.level, publicId: id }];
  const order = { request: modification, level: row.level, resources, isSingle: true };
  return submit(parts, request, body, order);
}

/** Modifies the resources that the body names, by a job. */
export async function answerBulk(
  parts: DerivationRoutesParts,
  request: HttpRequest,
  body: ModificationBody,
  order: { readonly request: ModificationRequest; readonly level: Level },
): Promise<Reply> {
  const ids = body.fields.strings("Resources");
  if (ids === undefined)
    throw new ServerError("BadFileFormat", 'Field "Resources" is missing: expected an array of ids');
  const resources = await referencesTo(parts.catalog, ids);
  return submit(parts, request, body, { ...order, resources, isSingle: false });
}

async function submit(
  parts: DerivationRoutesParts,
  request: HttpRequest,
  body: ModificationBody,
  order: Pick<ModificationOrder, "request" | "level" | "resources" | "isSingle">,
): Promise<Reply> {
  const state = await modificationState(parts.orders, {
    ...order,
    force: body.fields.boolean("Force", false),
    ...derivationOptions(request, body, true),
  });
  return json(await runSubmitted(parts.jobs, { type: parts.derivations.modification, state }, body.job));
}

function answerFile(
  parts: DerivationRoutesParts,
  instance: string,
  request: ModificationRequest,
  { fields }: ModificationBody,
): Reply {
  checkIdentifying(readEdits(request), fields.boolean("Force", false));
  const plan = planModification(request, levelOfReplaced(request.replace));
  const wanted = transcodingOfBody(fields) ?? undefined;
  const identifiers = seededIdentifiers(newSeed());
  return stream("application/dicom", modifiedFile(parts.source, { instance, plan, identifiers, wanted }));
}
