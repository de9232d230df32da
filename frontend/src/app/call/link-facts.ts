import { type LinkSample, number, pathOf, type Stat, statsOf } from './link-sample';

/** What is sent of a picture now. `codec` is the name without `video/`. */
export interface PictureFacts {
  readonly width: number;
  readonly height: number;
  readonly framesPerSecond: number;
  readonly codec: string;
}

/** What the statistics of a link say about this moment (W3C webrtc-stats). */
export interface LinkFacts {
  readonly relayed: boolean;
  /** How media leaves this device, to the peer or to the relay. */
  readonly transport: 'udp' | 'tcp' | 'tls';
  readonly roundTripMs: number;
  /** Shares of what was sent and of what was to come, 0 to 1. */
  readonly lostSent: number;
  readonly lostReceived: number;
  /** Null where no picture is sent. */
  readonly picture: PictureFacts | null;
  /** `concealed`: the share of the sound heard here, 0 to 1, that the browser had to make up because it came too late or not. */
  readonly sound: { readonly codec: string; readonly kbits: number; readonly concealed: number };
}

/** Reads the facts out of the latest report; shares and rates are of what the samples span. */
export function factsOf(report: RTCStatsReport, samples: readonly LinkSample[]): LinkFacts {
  const stats = statsOf(report);
  const { local, pair } = pathOf(stats);
  // Of two pictures the larger: a camera goes out beside a screen.
  const sent = (kind: string) =>
    stats
      .filter(stat => stat.type === 'outbound-rtp' && stat['kind'] === kind)
      .toSorted((one, other) => number(other['frameWidth']) - number(one['frameWidth']))[0];
  const heard = stats.find(stat => stat.type === 'inbound-rtp' && stat['kind'] === 'audio');
  const relayed = samples.at(-1)?.relayed === true;
  return {
    relayed,
    transport: transportOf(local),
    roundTripMs: number(pair?.['currentRoundTripTime']) * 1_000,
    lostSent: samples.at(-1)?.lostThere ?? 0,
    lostReceived: lostIn(samples.slice(-RECENT)),
    picture: pictureOf(stats, sent('video')),
    sound: {
      codec: codecOf(stats, sent('audio')),
      kbits: ratesOf(samples).at(-1)?.sound ?? 0,
      concealed: number(heard?.['concealedSamples']) / Math.max(1, number(heard?.['totalSamplesReceived'])),
    },
  };
}

/** Samples that speak of now: the last ten seconds. */
const RECENT = 6;

/** `relayProtocol` says how a relay is reached; the candidate's own `protocol` is what the relay speaks onward. */
function transportOf(local: Stat | undefined): LinkFacts['transport'] {
  const said = local?.['relayProtocol'] ?? local?.['protocol'];
  return said === 'tcp' || said === 'tls' ? said : 'udp';
}

function pictureOf(stats: readonly Stat[], sent: Stat | undefined): PictureFacts | null {
  const framesPerSecond = number(sent?.['framesPerSecond']);
  if (framesPerSecond === 0) return null;
  const [width, height] = [number(sent?.['frameWidth']), number(sent?.['frameHeight'])];
  return { width, height, framesPerSecond: Math.round(framesPerSecond), codec: codecOf(stats, sent) };
}

function codecOf(stats: readonly Stat[], sent: Stat | undefined): string {
  const codec = stats.find(stat => stat['id'] === sent?.['codecId'] && stat.type === 'codec');
  const type = codec?.['mimeType'];
  const name = typeof type === 'string' ? (type.split('/')[1] ?? '') : '';
  return name === 'opus' ? 'Opus' : name;
}

function lostIn(samples: readonly LinkSample[]): number {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined) return 0;
  const lost = Math.max(0, last.packetsLost - first.packetsLost);
  const received = Math.max(0, last.packetsReceived - first.packetsReceived);
  return lost + received === 0 ? 0 : lost / (lost + received);
}

/** What was sent between two samples, kbit/s. */
export interface Rates {
  readonly at: number;
  readonly sound: number;
  readonly picture: number;
}

/** What was sent over time; one fewer than there are samples. */
export function ratesOf(samples: readonly LinkSample[]): Rates[] {
  return samples.slice(1).flatMap((sample, before) => {
    const from = samples[before];
    if (from === undefined || sample.at <= from.at) return [];
    // Bytes a millisecond, times eight, are kbit/s.
    const rate = (bytes: number) => Math.max(0, Math.round((bytes * 8) / (sample.at - from.at)));
    return [
      {
        at: sample.at,
        sound: rate(sample.sentSound - from.sentSound),
        picture: rate(sample.sentPicture - from.sentPicture),
      },
    ];
  });
}
