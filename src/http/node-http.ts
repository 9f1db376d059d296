/**
 * What is used of `node:http` at run time. To import it as a module reads all its exports, and its `WebSocket` loads Node's own undici, which takes
 * 15 MB of memory.
 */
export const { createServer, STATUS_CODES } = process.getBuiltinModule("node:http");
