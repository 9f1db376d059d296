import FindMyWay from "find-my-way";
import { restMethods } from "./method.ts";
import type { Method, Route } from "./route.ts";

/** What is at a path: the routes by method, and the values of its variables. */
export interface Match {
  readonly routes: ReadonlyMap<Method, Route>;
  readonly parameters: Readonly<Record<string, string>>;
  /** For `Allow`. */
  readonly allow: string;
}

/** Finds what is at a path that `routingPath` has prepared. */
export type Router = (path: string) => Match | undefined;

/** One place in the tree of paths. */
interface Node {
  readonly path: string;
  readonly routes: Map<Method, Route>;
  /** Name of the variable that takes the rest of the path. */
  readonly rest: string | undefined;
}

const restOfPath = /\/\{([^{}/]+)\.\.\.\}$/;

/**
 * The route table as a function. Throws at start when two rows claim the same method and path, or name the variables of a
 * path differently. A row with a rest `{path...}` also answers the bare path before it, with an empty rest, unless another row does.
 */
export function createRouter(routes: readonly Route[]): Router {
  const nodes = new Map<string, Node>();
  for (const route of routes) addRoute(nodes, route);
  for (const route of routes) {
    const bare = route.path.replace(restOfPath, "") || "/";
    if (bare !== route.path && !nodes.get(shapeOf(bare))?.routes.has(route.method)) addRoute(nodes, route, bare);
  }
  const tree = FindMyWay({ caseSensitive: true, maxParamLength: 65_535 });
  for (const node of nodes.values()) tree.on("GET", toPattern(node.path), noHandler, toStore(node));
  return (path) => {
    const found = tree.find("GET", path);
    if (found === null) return undefined;
    const store = found.store as Store;
    const parameters = found.params as Record<string, string>;
    return { routes: store.routes, allow: store.allow, parameters: withRest(parameters, store.rest) };
  };
}

interface Store extends Omit<Match, "parameters"> {
  readonly rest: string | undefined;
}

function toStore(node: Node): Store {
  const allow = restMethods.filter((method) => node.routes.has(method)).join(",");
  return { routes: node.routes, allow, rest: node.rest };
}

function addRoute(nodes: Map<string, Node>, route: Route, path = route.path): void {
  const shape = shapeOf(path);
  const known = nodes.get(shape);
  const rest = known?.rest ?? restOfPath.exec(route.path)?.[1];
  const node = { path: known?.path ?? path, routes: known?.routes ?? new Map<Method, Route>(), rest };
  if (node.path !== path) throw new Error(`Routes ${node.path} and ${path} name their variables differently`);
  if (node.routes.has(route.method)) throw new Error(`Two routes for ${route.method} ${path}`);
  node.routes.set(route.method, route);
  nodes.set(shape, node);
}

/** Paths of the same shape meet in the same node, whatever their variables are called. */
function shapeOf(path: string): string {
  return path.replace(restOfPath, "/{...}").replaceAll(/\{[^{}.]+\}/g, "{}");
}

/** A path in the syntax of find-my-way: `:name` and `*`, colons doubled. */
function toPattern(path: string): string {
  const pattern = path
    .replaceAll(":", "::")
    .replace(restOfPath, "/*")
    .replaceAll(/\{([^{}/]+)\}/g, ":$1");
  if (!path.startsWith("/") || /[{}]/.test(pattern)) throw new Error(`Not a path of a route: ${path}`);
  return pattern;
}

function withRest(parameters: Record<string, string>, rest: string | undefined): Record<string, string> {
  if (rest === undefined) return parameters;
  const { "*": path = "", ...others } = parameters;
  return { ...others, [rest]: path };
}

/** find-my-way wants a function per route; only its store is used. */
function noHandler(): void {}
