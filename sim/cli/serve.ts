/** The viewer's server: the built viewer and one trace, on the loopback interface alone. */
import { createReadStream, statSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { extname, join, normalize, sep } from "node:path";
import { UsageError } from "./exit.ts";

const HOST = "127.0.0.1";
const FIRST_PORT = 4173;
const PORTS_TRIED = 100;

const types: { readonly [extension: string]: string } = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".map": "application/json; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
  ".yaml": "text/yaml; charset=utf-8",
};

export interface ViewServer {
  readonly url: string;
  close(): Promise<void>;
}

export interface ServeOptions {
  /** The built viewer. */
  readonly viewer: string;
  /** The file that `./trace` gives; where there is none, the viewer shows its welcome. */
  readonly trace: () => string | undefined;
  /** Undefined: the first free one from 4173 on. */
  readonly port: number | undefined;
}

/** Serves until it is closed. Throws a UsageError where the port cannot be had. */
export async function serve({ viewer, trace, port }: ServeOptions): Promise<ViewServer> {
  const server = createServer((request, response) => answer(request, response, viewer, trace()));
  const bound = port === undefined ? await listenOnFree(server) : await listenOn(server, port);
  if (bound === undefined) throw new UsageError(portTaken(port), "Give another with --port, or none: then a free one is found.");
  return {
    url: `http://${HOST}:${bound}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function portTaken(port: number | undefined): string {
  return port === undefined ? `the ports from ${FIRST_PORT} to ${FIRST_PORT + PORTS_TRIED - 1} are all in use` : `port ${port} is in use`;
}

async function listenOnFree(server: Server): Promise<number | undefined> {
  for (let port = FIRST_PORT; port < FIRST_PORT + PORTS_TRIED; port += 1) {
    const bound = await listenOn(server, port);
    if (bound !== undefined) return bound;
  }
  return undefined;
}

/** The port that is listened on, which the system chooses for port 0; undefined where somebody else has it. */
function listenOn(server: Server, port: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => {
      server.off("listening", onListening);
      if (error.code === "EADDRINUSE") resolve(undefined);
      else reject(new UsageError(`port ${port} cannot be used: ${error.message}`));
    };
    const onListening = (): void => {
      server.off("error", onError);
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    };
    server.once("error", onError).once("listening", onListening).listen(port, HOST);
  });
}

function answer(request: IncomingMessage, response: ServerResponse, viewer: string, trace: string | undefined): void {
  if (request.method !== "GET" && request.method !== "HEAD") return refuse(response, 405);
  // A page elsewhere could let a name of its own point here, and read the trace through it.
  if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(request.headers.host ?? "")) return refuse(response, 403);
  const path = pathOf(request.url ?? "/");
  if (path === undefined) return refuse(response, 400);
  if (path === "/trace") return trace === undefined ? refuse(response, 404) : sendFile(request, response, trace, "application/octet-stream");
  const file = join(viewer, path === "/" ? "index.html" : path);
  // The path begins at the root and is normalised, so that nothing above the viewer can be named; the check is for certainty.
  if (!file.startsWith(viewer + sep)) return refuse(response, 403);
  sendFile(request, response, file, types[extname(file)] ?? "application/octet-stream");
}

/** The path of a URL, decoded and without `..`; undefined where it is malformed. */
function pathOf(url: string): string | undefined {
  try {
    const path = decodeURIComponent(url.split(/[?#]/)[0] as string);
    return path.includes("\0") ? undefined : normalize(`/${path}`).split(sep).join("/").replace(/^\/+/, "/");
  } catch {
    return undefined;
  }
}

function sendFile(request: IncomingMessage, response: ServerResponse, file: string, type: string): void {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (!stat?.isFile()) return refuse(response, 404);
  response.writeHead(200, { "content-type": type, "content-length": stat.size, "cache-control": "no-store", "x-content-type-options": "nosniff" });
  if (request.method === "HEAD") return void response.end();
  createReadStream(file)
    .on("error", () => response.destroy())
    .pipe(response);
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8" });
  response.end(`${status}\n`);
}
