import type { Catalog } from "../catalog/catalog.ts";
import { ServerError } from "../util/errors.ts";
import type { WebServices } from "./web-service.ts";

export interface WebServicesParts<Service> {
  /** The name of the catalog's property that keeps the services. */
  readonly propertyName: string;
  /** As written in the configuration. */
  readonly configured: Readonly<Record<string, unknown>>;
  /** What it holds goes before the configuration, which only fills it the first time. */
  readonly database?: Pick<Catalog, "property" | "setProperty">;
  readonly parse: (name: string, definition: unknown) => Service;
  /** What the database keeps of a service; undefined: it is not kept. */
  readonly definition: (service: Service) => object | undefined;
}

/** The services of the configuration or of the database, and those put later. Throws what `parse` throws. */
export async function createWebServices<Service>(parts: WebServicesParts<Service>): Promise<WebServices<Service>> {
  const { database, parse, propertyName } = parts;
  const saved = await database?.property(propertyName);
  const definitions = saved === undefined ? parts.configured : savedDefinitions(propertyName, saved);
  const services = new Map(Object.entries(definitions).map(([name, definition]) => [name, parse(name, definition)]));

  const save = async (): Promise<void> => {
    const kept = [...services].flatMap(([name, service]) => {
      const definition = parts.definition(service);
      return definition === undefined ? [] : [[name, definition]];
    });
    await database?.setProperty(propertyName, JSON.stringify(Object.fromEntries(kept)));
  };

  return {
    names: () => [...services.keys()].toSorted(),
    get: (name) => services.get(name),
    async put(name, service) {
      services.set(name, service);
      await save();
    },
    async delete(name) {
      const known = services.delete(name);
      if (known) await save();
      return known;
    },
  };
}

function savedDefinitions(propertyName: string, text: string): Record<string, unknown> {
  const saved: unknown = JSON.parse(text);
  if (typeof saved !== "object" || saved === null) {
    throw new ServerError("Database", `the property ${propertyName} is no JSON object`);
  }
  return { ...saved };
}
