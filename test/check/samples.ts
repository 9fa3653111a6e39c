/** A small history in each format, written by hand, and writers that print generated ones. */
import fc from "fast-check";
import { formatHistory, type HistoryEvent } from "../../sim/check/index.ts";
import { eventsOf, registerHistory } from "./histories.ts";

export const samples: { readonly [format: string]: readonly string[] } = {
  jsonl: ['{"process":0,"client":"c1","type":"invoke","f":"write","key":"k1","value":3,"time":5}\n{"process":0,"client":"c1","type":"ok","f":"write","key":"k1","value":3,"time":9}\n', '{"process":4,"type":"invoke","f":"read"}'],
  json: ['[\n  {"process":0,"client":"c1","type":"invoke","f":"write","key":"k1","value":3,"time":5},\n  {"process":0,"client":"c1","type":"ok","f":"write","key":"k1","value":3,"time":9}\n]\n', "[]"],
  "jepsen-edn": [
    "{:type :invoke, :f :read, :value nil, :process 0, :time 3, :index 0}\n{:type :ok, :f :read, :value 4, :process 0, :time 5, :index 1}\n",
    "[{:type :invoke :f :txn :value [[:append x 1]] :process 0}\n {:type :ok :f :txn :value [[:append x 1]] :process 0}]",
    "; comment\n[\n#jepsen.history.Op{:index 0, :time 1, :type :invoke, :process :nemesis, :f :start, :value nil}\n]",
    "{:process 0, :type :invoke, :f :put, :value \"jepsen.util says :invoke \"}",
    '[ ; why\n {:index 0 :type :invoke :value [[:w 3 1]]}]',
  ],
  "jepsen-json": ['{"type":"invoke","f":"read","value":null,"process":0,"time":3,"index":0}\n{"type":"ok","f":"read","value":4,"process":0,"time":5,"index":1}', '[{"process":"nemesis","type":"info","f":"start","value":null}]'],
  "jepsen-log": ["INFO  jepsen.core - Running\nINFO  jepsen.util - 0\t:invoke\t:read\tnil\nINFO  jepsen.util - 0\t:ok\t:read\t4\n"],
  porcupine: ['{:process 0, :type :invoke, :f :get, :key "4", :value nil}\n{:process 0, :type :ok, :f :get, :key "4", :value "x 0 0 y"}\n'],
  plume: ["w(1,5,0,0)\nr(1,5,1,1)\nw(2,6,0,-1)\n"],
  awdit: ["w 0 1\n-----\nr 0 1\n=====\nr 0 1\n", "=====\nr 0 1"],
  dbcop: ["[x:=1 y:=2]\n---\n[x==1 y==?]!\n", "// one session\n\n[ x==1 ]\n"],
  "dbcop-json": ['[[{"events":[{"Write":{"variable":0,"version":1}}],"committed":true}]]', '{\n  "params": {},\n  "data": [[{"events":[{"write":true,"variable":0,"value":1,"success":true}],"success":true}]]\n}'],
  limo: ["# @object atomic-stack\n[1] call push 1\n[1] return\n[2] call pop\n[2] return 1\n", "# made by hand\n# @object atomic-queue\n[1] call add(1)\n", "[1] call push 1"],
  fastlin: ["# stack\npush 1 1 2\npeek 2 3 4\npop 2 5 6\n", "# priorityqueue\n0 insert 3 1 2\n1 poll 3 1 4"],
};

/** A format's way to print histories, and those that it can say. */
export interface Printer {
  readonly histories: fc.Arbitrary<readonly HistoryEvent[]>;
  print(history: readonly HistoryEvent[]): string;
}

/** Each process is its own session and there is one register, as Jepsen has it; what was a mismatch failed. */
const jepsens = registerHistory(8, false).map((operations) =>
  eventsOf(operations).map(({ process, type, f, value, time, error }): HistoryEvent => {
    const told = { process, client: String(process), type, f, key: "", value, time };
    return error === undefined ? told : { ...told, error: "refused" };
  }),
);

/** The same with a key in each value, as jepsen.independent has it; a read comes first, which shows it. */
const keyed = fc.tuple(jepsens, fc.array(fc.constantFrom("1", "x"), { minLength: 100, maxLength: 100 })).map(([history, keys]) => [
  { process: 99, client: "99", type: "invoke", f: "read", key: "x", value: null, time: 0 } as const,
  ...history.map((event) => ({ ...event, key: keys[event.process]! })),
]);

/** Transactions by session, each after the one before. */
const bySession = fc
  .array(fc.record({ session: fc.integer({ min: 0, max: 2 }), isCommitted: fc.constantFrom(true, true, false), steps: fc.array(fc.tuple(fc.constantFrom("r", "w"), fc.constantFrom("1", "2"), fc.option(fc.integer({ min: 1, max: 9 }))), { minLength: 1, maxLength: 3 }) }), { minLength: 1, maxLength: 8 })
  .map((transactions) => {
    // Sessions are numbered as they appear, and writes write something.
    const numbers = [...new Set(transactions.map(({ session }) => session))];
    return transactions.flatMap(({ session, isCommitted, steps }): HistoryEvent[] => {
      const process = numbers.indexOf(session);
      const base = { process, client: String(process), f: "txn", key: "", time: 0 };
      const told = steps.map(([f, key, value]) => [f, key, f === "w" ? (value ?? 5) : value]);
      return [{ ...base, type: "invoke", value: told.map(([f, key, value]) => [f, key, f === "r" ? null : value]) }, { ...base, type: isCommitted ? "ok" : "fail", value: told }];
    });
  });

type Steps = readonly (readonly [f: string, key: string, value: unknown])[];

const isEnd = ({ type }: HistoryEvent): boolean => type !== "invoke";
const stepsOf = ({ value }: HistoryEvent): Steps => value as Steps;

/** The transactions of each session, one session after the other. */
function sessionsOf(history: readonly HistoryEvent[]): HistoryEvent[][] {
  const sessions: HistoryEvent[][] = [];
  for (const event of history.filter(isEnd)) (sessions[event.process] ??= []).push(event);
  return sessions;
}

/** In the order of sessions, as formats that list them one by one read them. */
const listed = bySession.map((history) => {
  const sessions: HistoryEvent[][] = [];
  for (const event of history) (sessions[event.process] ??= []).push(event);
  return sessions.flat();
});
const committed = (history: readonly HistoryEvent[]): HistoryEvent[] => history.map((event) => (event.type === "fail" ? { ...event, type: "ok" } : event));

const edn = (value: unknown): string => (value === null ? "nil" : Array.isArray(value) ? `[${value.map(edn).join(" ")}]` : JSON.stringify(value));
const tupled = (event: HistoryEvent): HistoryEvent => ({ ...event, value: [event.key, event.value] });

function ednLine({ type, f, value, process, time, error }: HistoryEvent, index: number): string {
  return `{:type :${type}, :f :${f}, :value ${edn(value)}, :time ${time}, :process ${process}${error === undefined ? "" : `, :error :${error}`}, :index ${index}}`;
}

const dbcopEvent = ([f, key, value]: Steps[number]): string => (f === "w" ? `${key}:=${String(value)}` : `${key}==${value === null ? "?" : String(value)}`);

export const printers: { readonly [format: string]: Printer } = {
  jsonl: { histories: registerHistory(8, false).map(eventsOf), print: (history) => history.map(formatHistory).join("\n") },
  json: { histories: registerHistory(8, false).map(eventsOf), print: (history) => `[${history.map(formatHistory).join(",\n")}]` },
  "jepsen-edn": { histories: fc.oneof(jepsens, bySession), print: (history) => history.map(ednLine).join("\n") },
  "jepsen-json": { histories: fc.oneof(jepsens, bySession), print: (history) => JSON.stringify(history.map(({ client: _, key: __, ...rest }, index) => ({ ...rest, index })), null, 1) },
  "jepsen-edn, keys": { histories: keyed, print: (history) => `[${history.map((event, index) => ednLine(tupled(event), index)).join("\n")}]` },
  plume: {
    histories: listed,
    print: (history) =>
      sessionsOf(history)
        .flatMap((session, number) => session.flatMap((event, index) => stepsOf(event).map(([f, key, value]) => `${f}(${key},${String(value ?? 0)},${number},${event.type === "ok" ? number * 100 + index : -1})`)))
        .join("\n"),
  },
  awdit: { histories: listed.map(committed), print: (history) => sessionsOf(history).map((session) => session.map((event) => stepsOf(event).map(([f, key, value]) => `${f} ${key} ${String(value ?? 0)}`).join("\n")).join("\n---\n")).join("\n====\n") },
  dbcop: { histories: listed, print: (history) => sessionsOf(history).map((session) => session.map((event) => `[${stepsOf(event).map(dbcopEvent).join(" ")}]${event.type === "ok" ? "" : "!"}`).join("\n")).join("\n---\n") },
  "dbcop-json": {
    histories: listed,
    print: (history) =>
      JSON.stringify(sessionsOf(history).map((session) => session.map((event) => ({ events: stepsOf(event).map(([f, variable, version]) => ({ [f === "w" ? "Write" : "Read"]: { variable, version } })), committed: event.type === "ok" })))),
  },
};
