/** Times that are short and round. */
import { faultsOf, scriptOf, timeOf, timeText, without, withFaults, withScript, type Fields, type ScenarioData } from "./data.ts";
import type { Pass } from "./pass.ts";

const MS = 1_000_000;

/** What stays of a pause in which nothing begins or ends. */
const gaps = [0, 10 * MS, 100 * MS, 500 * MS, 1_000 * MS];

/** Everything after a pause comes earlier. */
export const shorterPauses: Pass = async ({ search, seeds }) => {
  if (momentsOf(search.data).length > 60) return;
  for (let position = 0; ; position += 1) {
    const moments = momentsOf(search.data);
    if (position >= moments.length) return;
    const from = position === 0 ? 0 : (moments[position - 1] as number);
    const gap = (moments[position] as number) - from;
    for (const left of gaps) {
      if (left > gap * 0.7 || gap - left < MS) break;
      if (await search.accepts(moved(search.data, (time) => (time <= from ? time : Math.max(from, time - gap + left))), Math.min(seeds, 1))) break;
    }
  }
};

/** When something begins or ends, each moment once and in order. */
function momentsOf(data: ScenarioData): number[] {
  const ofFaults = faultsOf(data).flatMap((fault) => {
    const at = timeOf(fault["at"]);
    const lasts = timeOf(fault["for"]);
    return at === undefined ? [] : lasts === undefined ? [at] : [at, at + lasts];
  });
  const moments = [...ofFaults, ...(scriptOf(data) ?? []).map(({ at }) => timeOf(at) ?? 0)];
  return [...new Set(moments)].sort((a, b) => a - b);
}

function moved(data: ScenarioData, to: (time: number) => number): ScenarioData {
  const faults = faultsOf(data).map((fault) => {
    const at = timeOf(fault["at"]);
    const lasts = timeOf(fault["for"]);
    if (at === undefined) return fault;
    return { ...fault, at: timeText(to(at)), ...(lasts !== undefined && { for: timeText(Math.max(MS, to(at + lasts) - to(at))) }) };
  });
  const script = scriptOf(data)?.map((operation) => ({ ...operation, at: timeText(to(timeOf(operation["at"]) ?? 0)) }));
  const changed = withFaults({ ...data, duration: timeText(to(timeOf(data["duration"]) ?? 0)) }, faults);
  return script === undefined ? changed : withScript(changed, script);
}

/** A fault that lasts beyond the end needs no `for`; any other lasts less. */
export const shorterFaults: Pass = async ({ search }) => {
  const changed = (position: number, change: (fault: Fields) => Fields): ScenarioData =>
    withFaults(search.data, faultsOf(search.data).map((fault, at) => (at === position ? change(fault) : fault)));
  for (let position = 0; position < faultsOf(search.data).length; position += 1) {
    if (faultsOf(search.data)[position]?.["for"] === undefined) continue;
    if (await search.accepts(changed(position, (fault) => without(fault, "for")))) continue;
    for (;;) {
      const lasts = timeOf(faultsOf(search.data)[position]?.["for"]) ?? 0;
      const half = Math.floor(lasts / 2 / MS) * MS;
      if (half < 10 * MS || !(await search.accepts(changed(position, (fault) => ({ ...fault, for: timeText(half) }))))) break;
    }
  }
};

const units = [1_000 * MS, 100 * MS, 10 * MS, MS];

/** To whole seconds, else to tenths of them, and so on: all at once, then one by one. */
export const rounderTimes: Pass = async ({ search }) => {
  for (const unit of [100 * MS, 10 * MS, MS]) if (await search.accepts(rounded(search.data, unit))) break;
  const count = slotsOf(search.data).length;
  if (count > 150) return;
  for (let slot = 0; slot < count; slot += 1) {
    for (const unit of units) {
      if ((slotsOf(search.data)[slot] as number) % unit === 0) break;
      if (await search.accepts(rounded(search.data, unit, slot))) break;
    }
  }
};

/** Every time in the data, in one fixed order. */
function slotsOf(data: ScenarioData): number[] {
  const slots: number[] = [];
  eachTime(data, (time) => {
    slots.push(time);
    return time;
  });
  return slots;
}

/** `slot`: only this time. */
function rounded(data: ScenarioData, unit: number, slot?: number): ScenarioData {
  let position = 0;
  return eachTime(data, (time, isLength) => {
    const isMeant = slot === undefined || slot === position;
    position += 1;
    return isMeant ? Math.max(isLength ? unit : 0, Math.round(time / unit) * unit) : time;
  });
}

function eachTime(data: ScenarioData, change: (time: number, isLength: boolean) => number): ScenarioData {
  const changed = (fields: Fields): Fields => {
    const entries = Object.entries(fields).map(([key, value]): [string, unknown] => {
      const time = key === "at" || key === "for" ? timeOf(value) : undefined;
      return [key, time === undefined ? value : timeText(change(time, key === "for"))];
    });
    return Object.fromEntries(entries);
  };
  const faults = withFaults(data, faultsOf(data).map(changed));
  const script = scriptOf(data);
  return script === undefined ? faults : withScript(faults, script.map(changed));
}

/** Faults and operations as they come. */
export const inOrder: Pass = async ({ search }) => {
  const byTime = (list: readonly Fields[]): readonly Fields[] => list.slice().sort((a, b) => (timeOf(a["at"]) ?? Infinity) - (timeOf(b["at"]) ?? Infinity));
  const sorted = withFaults(search.data, byTime(faultsOf(search.data)));
  const script = scriptOf(search.data);
  await search.accepts(script === undefined ? sorted : withScript(sorted, byTime(script)));
};
