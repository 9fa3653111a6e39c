/** The names of endpoints by their number: nodes first, clients after them. */
export interface Names {
  readonly nodes: readonly string[];
  readonly clients: readonly string[];
}

export function endpointName(endpoint: number, names: Names): string {
  const name = endpoint < names.nodes.length ? names.nodes[endpoint] : names.clients[endpoint - names.nodes.length];
  return name ?? `?${endpoint}`;
}

/** True for a client's number. */
export function isClient(endpoint: number, names: Names): boolean {
  return endpoint >= names.nodes.length;
}
