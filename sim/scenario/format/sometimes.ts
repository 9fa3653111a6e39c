/** `sometimes`: good or rare things that a campaign must have reached in some run. */
import type { AnyProtocol } from "../../protocol.ts";
import type { FileShape } from "../shape.ts";
import { metricFields } from "./expect.ts";

export function sometimes(protocol: AnyProtocol | undefined): FileShape {
  const { events, sometimes: marks } = protocol ?? {};
  const isKnown = events !== undefined || marks !== undefined;
  const of = [...Object.keys(events ?? {}), ...Object.keys(marks ?? {})];
  return {
    type: "list",
    of: {
      type: "either",
      scalar: { type: "event", noun: "moment", ...(isKnown && { of }) },
      map: { type: "fields", noun: "metric", ...metricFields(protocol) },
    },
    summary: 'Good or rare things that a campaign must have reached in some run: a protocol\'s event, what it marks by ctx.sometimes, or a metric: { availability: "< 50%" }. Those never reached are reported.',
  };
}
