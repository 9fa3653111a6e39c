import { powerOfTwo } from "../kernel/math.ts";
import { ms, seconds, type Nanoseconds } from "../kernel/time.ts";
import type { Flight } from "./message.ts";
import type { World } from "./world.ts";

/**
 * Added to the round trip, this is how long a sender waits before it sends again what was lost; it doubles with each
 * attempt. RFC 6298, §2 and §5.5; Linux adds at least 200 ms (TCP_RTO_MIN) to the smoothed round trip.
 */
export const LEAST_RETRANSMISSION_NS: Nanoseconds = ms(200);

/** Between the attempts to connect, doubling as well: RFC 6298, §2.1. */
export const FIRST_CONNECT_TIMEOUT_NS: Nanoseconds = seconds(1);

/**
 * So long after it was first sent, what has not arrived is given up and its connection with it, as by the option of
 * RFC 5482. Systems set it, for TCP's own limit is 100 s or more (RFC 1122, §4.2.3.5): this is FoundationDB's
 * (`CONNECTION_MONITOR_TIMEOUT`, 2 s).
 */
export const GIVE_UP_NS: Nanoseconds = seconds(2);

/** What a connection waits for. `serial`: of the message; 0 where it is about none. */
export interface ConnectionEvent {
  readonly type: "connection";
  readonly from: number;
  readonly to: number;
  /** Which of the connections in this direction; what concerned an earlier one is passed over. */
  readonly epoch: number;
  readonly does: "arrive" | "resend" | "giveUp" | "connect" | "connected" | "reset" | "notice";
  readonly serial: number;
  /** Of an arrival: the message, as it arrives. */
  readonly flight: Flight | undefined;
}

/** What a sender learns when a connection of its broke. */
export interface Disconnection {
  readonly peer: number;
  /** What was under way to it, oldest first. */
  readonly lost: readonly Flight[];
  /** The event that broke it, and the fault that did; -1 where none did. */
  readonly cause: number;
  readonly fault: number;
}

/** A message that has not been delivered yet. */
interface Segment {
  readonly flight: Flight;
  /** When it was sent first, over this connection. */
  readonly since: number;
  readonly attempts: number;
  /** When it is sent again if the last attempt turns out to be lost. */
  readonly resendAt: number;
  /** It is here, and waits for those before it. */
  readonly isHere: boolean;
}

/**
 * One direction of an ordered connection, as TCP keeps it: everything arrives once and in order. What is lost, or
 * corrupt where there is a checksum, is sent again, and what follows waits for it; so a short cut delays and loses
 * nothing.
 *
 * It breaks when something has not arrived in two seconds, or when the process at either end stops; then all that is
 * under way is lost (`reset`). Where the receiver stopped, its kernel says so: the sender hears it one latency later, or,
 * if that is lost, in answer to what it sends next, or when it gives up. Until it hears it, what it sends is lost as
 * well. Then the next thing that it sends connects again, which takes one more round trip; where nobody listens, that is
 * refused. A sender that stopped hears nothing: its next process begins with new connections. A pause breaks nothing,
 * because the kernel goes on.
 *
 * Left out: acknowledgements, which neither get lost nor take room on the link; fast retransmission; the congestion
 * window.
 */
export class Connection {
  readonly from: number;
  readonly to: number;
  readonly #world: World;
  #phase: "open" | "connecting" | "broken" | "closed";
  #epoch = 0;
  #nextSerial = 1;
  /** By serial number, in their order. */
  #segments = new Map<number, Segment>();
  /** While connecting: since when, how often it was tried, and when it is tried again. */
  #since = 0;
  #attempts = 0;
  #retryAt = 0;
  /** While broken: what is lost, the event that broke it, and whether it is set when the sender hears of it. */
  #lost: Flight[] = [];
  #cause = -1;
  #isNoticeSet = false;

  /** Connections stand from the beginning of a run; `isOpen` is false where an end has stopped since. */
  constructor(world: World, from: number, to: number, isOpen: boolean) {
    this.#world = world;
    this.from = from;
    this.to = to;
    this.#phase = isOpen ? "open" : "closed";
  }

  send(flight: Flight): void {
    if (this.#phase === "broken") return this.#sendInVain(flight);
    if (this.#phase === "closed") this.#beginToConnect();
    const serial = this.#nextSerial++;
    const segment: Segment = { flight, since: this.#world.now, attempts: 0, resendAt: 0, isHere: false };
    this.#segments.set(serial, segment);
    if (this.#phase === "open") this.#transmit(serial, segment);
  }

  onEvent({ epoch, does, serial, flight }: ConnectionEvent): void {
    if (epoch !== this.#epoch) return;
    if (does === "arrive") this.#arrive(serial, flight as Flight);
    else if (does === "resend") this.#transmit(serial, this.#segments.get(serial) as Segment);
    else if (does === "giveUp") this.#giveUp();
    else if (does === "connect") this.#connect();
    else if (does === "connected") this.#onConnected();
    else if (does === "reset") this.#onReset();
    else this.#tell(-1);
  }

  /** The process at one end has stopped, by this event. */
  onCrash(endpoint: number, event: number): void {
    if (endpoint === this.from) {
      this.#lose(-1);
      return this.#close();
    }
    if (this.#phase === "closed" || this.#phase === "broken") return;
    this.#lose(-1);
    this.#phase = "broken";
    this.#cause = event;
    if (this.#isCut(this.to, this.from)) this.#tellLater();
    else this.#setNotice("reset", this.#latency(this.to, this.from));
  }

  // Under way

  #transmit(serial: number, segment: Segment): void {
    const { network, now } = this.#world;
    const link = network.link(this.from, this.to);
    const { latency, waiting, waitNs, lost, overflow, corrupt, corruptBy } = network.pass(link, now, segment.flight.body);
    if (waiting > 0) this.#world.waits(segment.flight, waiting, waitNs);
    const resendAt = now + (LEAST_RETRANSMISSION_NS + 2 * latency) * powerOfTwo(segment.attempts);
    const sent: Segment = { ...segment, attempts: segment.attempts + 1, resendAt };
    this.#segments.set(serial, sent);
    const isLost = lost || overflow || (corrupt && link.config.checksum) || this.#isCut(this.from, this.to);
    if (isLost) return this.#resendLater(serial, sent);

    const flight = corrupt ? this.#world.corrupt(segment.flight, corruptBy) : segment.flight;
    this.#set("arrive", latency, serial, flight);
  }

  #resendLater(serial: number, { since, resendAt }: Segment): void {
    const { now } = this.#world;
    const giveUpAt = Math.max(now, since + GIVE_UP_NS);
    if (resendAt < giveUpAt) this.#set("resend", resendAt - now, serial);
    else this.#set("giveUp", giveUpAt - now);
  }

  /** `flight`: the message as it arrives. */
  #arrive(serial: number, flight: Flight): void {
    const segment = this.#segments.get(serial) as Segment;
    if (this.#isCut(this.from, this.to)) return this.#resendLater(serial, segment);
    const segments = this.#segments.set(serial, { ...segment, flight, isHere: true });
    for (const [first, { flight: next, isHere }] of segments) {
      if (!isHere || this.#segments !== segments) return; // What it handled last may have stopped the receiver.
      segments.delete(first);
      this.#world.deliver(next);
    }
  }

  // Breaking

  #giveUp(): void {
    const [oldest] = this.#segments.values();
    this.#cause = oldest?.flight.sentBy ?? -1;
    const fault = this.#world.network.cutBy(this.from, this.to);
    this.#lose(fault);
    this.#tell(fault);
  }

  /** What is under way arrives no more, nor does what has arrived and is held back by a fault. */
  #lose(fault: number): void {
    for (const flight of this.#world.clogs.take(this.from, this.to)) this.#loseOne(flight, fault);
    const segments = this.#segments;
    this.#segments = new Map();
    this.#epoch += 1;
    for (const { flight } of segments.values()) this.#loseOne(flight, fault);
  }

  #loseOne(flight: Flight, fault: number): void {
    this.#world.drop(flight, "reset", fault);
    this.#lost.push(flight);
  }

  /** The sender does not know yet that nobody listens. */
  #sendInVain(flight: Flight): void {
    this.#loseOne(flight, -1);
    if (this.#isNoticeSet) return;
    if (this.#isCutEitherWay()) this.#tellLater();
    else this.#setNotice("reset", this.#latency(this.from, this.to) + this.#latency(this.to, this.from));
  }

  /** The receiver's kernel says that nobody listens. */
  #onReset(): void {
    this.#isNoticeSet = false;
    if (this.#isCut(this.to, this.from)) this.#tellLater();
    else this.#tell(-1);
  }

  /** The sender hears nothing, and gives up; if it has sent nothing, it has nothing to give up. */
  #tellLater(): void {
    if (this.#lost.length > 0) this.#setNotice("notice", GIVE_UP_NS);
  }

  #setNotice(does: "reset" | "notice", after: number): void {
    this.#isNoticeSet = true;
    this.#set(does, after);
  }

  #tell(fault: number): void {
    const lost = this.#lost;
    this.#close();
    this.#world.onDisconnect(this.from, this.to, lost, this.#cause, fault);
  }

  #close(): void {
    this.#phase = "closed";
    this.#epoch += 1;
    this.#lost = [];
    this.#isNoticeSet = false;
  }

  // Connecting

  #beginToConnect(): void {
    this.#phase = "connecting";
    this.#since = this.#world.now;
    this.#attempts = 0;
    this.#connect();
  }

  #connect(): void {
    const there = this.#handshakeLatency(this.from, this.to);
    const back = this.#handshakeLatency(this.to, this.from);
    this.#retryAt = this.#world.now + FIRST_CONNECT_TIMEOUT_NS * powerOfTwo(this.#attempts);
    this.#attempts += 1;
    if (there < 0 || back < 0) this.#connectLater();
    else this.#set("connected", there + back);
  }

  /** Nanoseconds; -1 where it is lost. */
  #handshakeLatency(from: number, to: number): number {
    const { network, now } = this.#world;
    const { latency, lost, overflow, corrupt } = network.pass(network.link(from, to), now);
    return lost || overflow || corrupt || this.#isCut(from, to) ? -1 : latency;
  }

  #connectLater(): void {
    const { now } = this.#world;
    const giveUpAt = Math.max(now, this.#since + GIVE_UP_NS);
    if (this.#retryAt < giveUpAt) this.#set("connect", Math.max(0, this.#retryAt - now));
    else this.#set("giveUp", giveUpAt - now);
  }

  #onConnected(): void {
    if (this.#isCutEitherWay()) return this.#connectLater();
    if (!this.#world.isUp(this.to)) return this.#giveUp(); // Refused.
    this.#phase = "open";
    const [oldest] = this.#segments.values();
    this.#world.onConnect(this.from, this.to, oldest?.flight.sentBy ?? -1);
    for (const [serial, segment] of [...this.#segments]) this.#transmit(serial, { ...segment, since: this.#world.now });
  }

  // Helpers

  #isCut(from: number, to: number): boolean {
    return this.#world.network.cutBy(from, to) >= 0;
  }

  #isCutEitherWay(): boolean {
    return this.#isCut(this.from, this.to) || this.#isCut(this.to, this.from);
  }

  /** Of a kernel's answer that a connection is no more. */
  #latency(from: number, to: number): number {
    const { network, streams } = this.#world;
    const { name, latency } = network.link(from, to);
    return latency(streams.get(`network/${name}/reset`));
  }

  #set(does: ConnectionEvent["does"], after: number, serial = 0, flight?: Flight): void {
    const { from, to } = this;
    this.#world.schedule(after, { type: "connection", from, to, epoch: this.#epoch, does, serial, flight });
  }

  /** The same connection in a copy of the world. */
  copy(world: World): Connection {
    const copy = new Connection(world, this.from, this.to, true);
    copy.#phase = this.#phase;
    copy.#epoch = this.#epoch;
    copy.#nextSerial = this.#nextSerial;
    copy.#segments = new Map(this.#segments);
    copy.#since = this.#since;
    copy.#attempts = this.#attempts;
    copy.#retryAt = this.#retryAt;
    copy.#lost = this.#lost.slice();
    copy.#cause = this.#cause;
    copy.#isNoticeSet = this.#isNoticeSet;
    return copy;
  }
}
