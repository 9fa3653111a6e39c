/** Mistakes that a judge of transactions, or of what sessions know, could have; as in ../mutants.ts. */
import { type CheckerMutant, mutant } from "../mutants.ts";

const ORDERS = "rw-register: levels of isolation and every order";
const LISTS = "list-append: levels of isolation and every order";

export const judgeMutants: readonly CheckerMutant[] = [
  mutant("sessions that are not kept", ORDERS, "isolation/base-order.ts", "order.add(members.items[i - 1]!, members.items[i]!, SESSION);", "void members;"),
  mutant("sessions that are not kept by halves", ORDERS, "isolation/halves.ts", "order.add(node - 1, node, isWithin ? WITHIN : SESSION);", "if (isWithin) order.add(node - 1, node, WITHIN);"),
  mutant("a session with several open transactions that follow nothing", ORDERS, "isolation/halves.ts", "chains.crossFrom.forEach((from, i) => order.add(ends[from]!, begins[chains.crossTo[i]!]!, SESSION));", ""),
  mutant("a dropped real-time edge", ORDERS, "isolation/halves.ts", "if (passed > 0) order.add(first + passed - 1, begins[t]!, REALTIME);", ""),
  mutant("real time that a transaction itself has not passed", ORDERS, "isolation/halves.ts", "transactions[returns[passed]!]!.returned < invoked", "transactions[returns[passed]!]!.invoked < invoked"),
  mutant("only the first read of a transaction counts", ORDERS, "isolation/base-order.ts", "if (i === seen.start[t] || seen.items[i] !== seen.items[i - 1]) order", "if (i === seen.start[t]) order"),
  mutant("an aborted write that may be read", ORDERS, "isolation/register-reads.ts", ` && draft.transactions[writer]!.outcome !== "aborted";`, ";"),
  mutant("an aborted append that may be read", LISTS, "isolation/list-reads.ts", `if (draft.transactions[writer]!.outcome === "aborted") return`, `if (draft.transactions[writer]!.outcome === "aborted" && t < 0) return`),
  mutant("a write that its transaction overwrote may be read", ORDERS, "isolation/register-reads.ts", "known % 2 === 1 && writer !== t", "writer !== t"),
  mutant("half of a transaction's appends may be read", LISTS, "isolation/list-reads.ts", "if (source !== INITIAL && last.get(source) !== list[length - 1]) return", "if (source !== INITIAL && last.get(source) === undefined) return"),
  mutant("what a transaction wrote itself it need not read", ORDERS, "isolation/register-reads.ts", "if (own !== value) draft", "if (own === undefined) draft"),
  mutant("an open transaction that was read counts as one that did not happen", ORDERS, "isolation/readings.ts", "    this.happened[who] = 1;", ""),
  mutant("atomic visibility of the first key alone", ORDERS, "isolation/read-atomic.ts", "for (const key of read) if (doesWrite", "for (const key of read.slice(0, 1)) if (doesWrite", { file: "isolation/read-atomic.ts", from: "if (read.length < to - from) {", to: "if (read.length > 0) {" }),
  mutant("a read that cannot be repeated", ORDERS, "isolation/read-atomic.ts", "if (first >= 0) this.#precedes(first, key, sources[read]!, t);", "", { file: "isolation/read-atomic.ts", from: "if (sources[read]! >= 0) this.#precedes(sources[read]!, key, first, t);", to: "" }),
  mutant("a session need not see what it wrote", ORDERS, "isolation/read-atomic.ts", "for (const key of keys) this.#followsSession(t, key);", ""),
  mutant("reads that go back within a transaction", ORDERS, "isolation/read-committed.ts", "if (this.#firstSight[seen.items[sight]!] === sight) this.#sees(t, seen.items[sight]!, later);", "void later;"),
  mutant("what was known is not looked at where the first value was read", ORDERS, "isolation/transactional-causal.ts", "if (source === INITIAL) order.add(t, writer, RW, key);", "if (source === INITIAL) return;"),
  mutant("saturation dropped: what was known may be newer than what was read", ORDERS, "isolation/transactional-causal.ts", "else if (writer !== source) order.add(writer, source, INFERRED, key, t);", ""),
  mutant("clocks that forget what the others knew", ORDERS, "isolation/clocks.ts", "for (let c = 0; c < width; c++) if (counts[other + c]! > counts[own + c]!) counts[own + c] = counts[other + c]!;", "void other;"),
  mutant("clocks that skip too much", ORDERS, "isolation/clocks.ts", "counts[own + chain]! > chains.placeOf[earlier]!) continue;", "counts[own + chain]! >= chains.placeOf[earlier]!) continue;"),
  mutant("who writes a key in common may overlap", ORDERS, "isolation/levels.ts", "judge: bySearch({ split: true }, true)", "judge: bySearch({ split: true }, false)"),
  mutant("one moment for reads and writes", ORDERS, "isolation/halves.ts", "split && writes.start[t]", "split && t < 0 && writes.start[t]"),
  mutant("a search that overwrites what is still to be read", ORDERS, "isolation/frontier-search.ts", "if (this.#readersOf(key) > own) return false;", "void own;", { file: "isolation/forced-order.ts", from: "const MOST_ROUNDS = 200;", to: "const MOST_ROUNDS = 0;" }),
  mutant("a search that reads whatever is there, before it was written", ORDERS, "isolation/frontier-search.ts", "if (begins && !this.#readsRight(t)) return false;", "", { file: "isolation/halves.ts", from: "order.add(ends[seen.items[i]!]!, begins[t]!, WR, reads.items[seenBy[i]!]!);", to: "void begins;" }),
  mutant("a memory of places that forgets how far sessions have come", ORDERS, "isolation/frontier-search.ts", "for (const count of this.#counts) key +=", "for (const count of this.#counts.subarray(0, 1)) key +="),
  mutant("a key whose writers are not in order counts as settled", ORDERS, "isolation/frontier-search.ts", "i === 0 || isBefore(ordered[i - 1]!, node)", "i >= 0 || isBefore(ordered[i - 1]!, node)"),
  mutant("a graph without the sessions", "dependency graph and search, serializable", "transactions/time-order.ts", "if (table.returned(other) > from) graph.add(other, t, SESSION);", "void other;"),
  mutant("a graph without real time", "dependency graph and search, strictSerializable", "transactions/time-order.ts", "if (bundle !== -1) graph.add(bundle, t, TIME);", "void bundle;"),
  mutant("causal: what is known is its writer alone", "causal and its definition", "order/past.ts", "for (const other of edges.to(number)) join(number, other);", "for (const other of edges.to(number)) if (counts[number * chains + chainOf[other]!]! <= placeOf[other]!) counts[number * chains + chainOf[other]!] = placeOf[other]! + 1;"),
  mutant("causal: the first value may always be read", "causal and its definition", "causal.ts", "if (from === INITIAL || past.isBefore(from, write)) return", "if (from !== INITIAL && past.isBefore(from, write)) return"),
  mutant("causal: an overwritten value may be read", "causal and its definition", "causal.ts", "if (from === INITIAL || past.isBefore(from, write)) return", "if (from === INITIAL) return"),
  mutant("causal convergence without the order of concurrent writes", "causalConvergence and its definition", "causal.ts", "if (!past.isBefore(write, from)) edges.add(write, from);", "void edges;"),
  mutant("causal memory, saturated once", "causalMemory and its definition", "order/saturate.ts", "if (!isNew) return { past, edges };", "return { past, edges };"),
  mutant("PRAM, saturated once", "pram and its definition", "order/saturate.ts", "if (!isNew) return { past, edges };", "return { past, edges };"),
  mutant("PRAM: all that the last write of a session says is the first read", "pram and its definition", "pram.ts", "for (const read of reads) if (source[read]! >= 0) edges.add(source[read]!, read);", "for (const read of reads.slice(0, 1)) if (source[read]! >= 0) edges.add(source[read]!, read);"),
  mutant("sequential without the order of sessions", "sequential and its definition", "order/extension.ts", "const earlier = membersBefore(order, number, isMember);", "const earlier = membersBefore(order, number, isMember).slice(1);"),
];
