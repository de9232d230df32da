import { CHANNELS } from '#protocol/direct/channel';
import { type LinkMessage } from '../link-message';
import { Link, type LinkReport, type Received } from '../webrtc';
import { until } from './until';

/** One end of a pair: what it has said that nobody has delivered yet, and what it reported. */
export interface LinkEnd {
  readonly link: Link;
  readonly received: Map<Received, MediaStreamTrack>;
  readonly said: LinkMessage[];
  readonly reports: LinkReport[];
  /** The ICE user name fragments of its own descriptions, in their order; a description says it once a section. */
  readonly fragments: string[];
  readonly channels: RTCDataChannel[];
}

function makeEnd(role: 'polite' | 'impolite'): LinkEnd {
  const said: LinkMessage[] = [];
  const reports: LinkReport[] = [];
  const received = new Map<Received, MediaStreamTrack>();
  const fragments: string[] = [];
  const channels: RTCDataChannel[] = [];
  const send = (message: LinkMessage) => {
    const fragment = fragmentOf(message);
    if (fragment !== undefined) fragments.push(fragment);
    said.push(message);
  };
  const report = (report: LinkReport) => reports.push(report);
  const link = new Link({
    role,
    configuration: {},
    send,
    report,
    stalled: () => {},
    channel: (_, channel) => channels.push(channel),
    received: (what, track) => received.set(what, track),
  });
  return { link, received, said, reports, fragments, channels };
}

/** Two real links whose messages wait until a spec delivers them: all, some, late, in another order, or never. */
export class LinkPair {
  readonly caller = makeEnd('impolite');
  readonly callee = makeEnd('polite');

  /** Delivers everything said until now, in its order, both ways. */
  async flush(): Promise<void> {
    const toCallee = this.caller.said.splice(0);
    const toCaller = this.callee.said.splice(0);
    await Promise.all([
      ...toCallee.map(message => this.callee.link.receive(message)),
      ...toCaller.map(message => this.caller.link.receive(message)),
    ]);
  }

  /** Delivers whatever is said until a state holds. */
  flushUntil(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
    return until(what, async () => {
      await this.flush();
      return holds();
    });
  }

  /** Delivers until both ends report that their link is up. */
  connect(): Promise<void> {
    return this.flushUntil('both links up', () => this.#isUp(this.caller) && this.#isUp(this.callee));
  }

  /** Delivers until both ends have made all their data channels. */
  makeChannels(): Promise<void> {
    const count = Object.keys(CHANNELS).length;
    return this.flushUntil('both have channels', () =>
      [this.caller, this.callee].every(({ channels }) => channels.length === count),
    );
  }

  /** Waits until an end has said a message of this type, and takes it and what was said before out of its way. */
  async take(end: LinkEnd, type: LinkMessage['type']): Promise<LinkMessage[]> {
    await until(`a ${type}`, () => end.said.some(message => message.type === type));
    const at = end.said.findIndex(message => message.type === type);
    return end.said.splice(0, at + 1);
  }

  close(): void {
    this.caller.link.close();
    this.callee.link.close();
  }

  #isUp(end: LinkEnd): boolean {
    return end.reports.filter(report => report !== 'negotiated').at(-1) === 'up';
  }
}

/** A value of one kind of statistics of a link, summed over its entries. */
export async function total(link: Link, type: string, kind: string, field: string): Promise<number> {
  const stats: Record<string, unknown>[] = [];
  (await link.stats())?.forEach((entry: Record<string, unknown>) => stats.push(entry));
  return stats
    .filter(entry => entry['type'] === type && entry['kind'] === kind)
    .reduce((sum, entry) => sum + Number(entry[field] ?? 0), 0);
}

/** The ICE user name fragment of what an end last said of itself in a description. */
export const fragmentOf = (message: LinkMessage): string | undefined => /a=ice-ufrag:(\S+?)\\r/.exec(message.data)?.[1];
