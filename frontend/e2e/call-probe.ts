import type { Page } from 'playwright-core';

declare global {
  interface Window {
    /** Every peer connection and captured track of this page since it was loaded. */
    probed: { links: RTCPeerConnection[]; tracks: MediaStreamTrack[] };
  }
}

/** Observes a page from its first script on: what it opens or captures can be counted and measured. */
export async function probe(page: Page): Promise<void> {
  await page.addInitScript(() => {
    // The check before a device's first video call would stand in the way of every spec; it has its own (call-preview.spec.ts).
    try {
      localStorage.setItem('parley.ready', 'yes');
    } catch {
      // Where nothing can be kept, or before there is a page.
    }
    const probed: Window['probed'] = { links: [], tracks: [] };
    window.probed = probed;
    const Native = window.RTCPeerConnection;
    window.RTCPeerConnection = class extends Native {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        probed.links.push(this);
      }
    };
    const capture = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async constraints => {
      const stream = await capture(constraints);
      probed.tracks.push(...stream.getTracks());
      return stream;
    };
  });
}

/** Tracks that are still captured: a camera light that is on. */
export const liveTracks = (page: Page): Promise<number> =>
  page.evaluate(() => window.probed.tracks.filter(track => track.readyState === 'live').length);

export const openLinks = (page: Page): Promise<number> =>
  page.evaluate(() => window.probed.links.filter(link => link.signalingState !== 'closed').length);

/** What this page sends on the link that it opened at this place, from 0: tracks, and packets so far. */
export const sentOn = (page: Page, index: number): Promise<{ tracks: number; packets: number }> =>
  page.evaluate(async at => {
    const link = window.probed.links.filter(({ signalingState }) => signalingState !== 'closed')[at];
    const sent = { tracks: link?.getSenders().filter(({ track }) => track !== null).length ?? 0, packets: 0 };
    (await link?.getStats())?.forEach((entry: { type: string; packetsSent?: number }) => {
      if (entry.type === 'outbound-rtp') sent.packets += entry.packetsSent ?? 0;
    });
    return sent;
  }, index);

/**
 * Watches from now on how long the shown picture of the other stands still, by the frames that its own link has decoded.
 * @returns asks how long it has stood still at most till then, in ms
 */
export async function standstill(page: Page): Promise<() => Promise<number>> {
  const watched = await page.evaluateHandle(() => {
    const seen = { most: 0, since: performance.now(), track: '', frames: 0 };
    const look = async () => {
      const source = document.querySelector<HTMLVideoElement>('video.remote')?.srcObject;
      const track = source instanceof MediaStream ? source.getVideoTracks()[0] : undefined;
      const from = window.probed.links.find(link => link.getReceivers().some(receiver => receiver.track === track));
      let frames = 0;
      const report = track === undefined ? undefined : await from?.getStats(track);
      report?.forEach((entry: { type: string; framesDecoded?: number }) => {
        if (entry.type === 'inbound-rtp') frames = entry.framesDecoded ?? 0;
      });
      const now = performance.now();
      const moves = track !== undefined && track.id === seen.track && frames > seen.frames;
      seen.most = Math.max(seen.most, now - seen.since);
      if (moves) seen.since = now;
      Object.assign(seen, { track: track?.id ?? '', frames });
      setTimeout(() => void look(), 50);
    };
    void look();
    return seen;
  });
  return () => watched.evaluate(({ most }) => most);
}

/** What arrives here by the newest open link: decoded frames, energy of the sound, and the brightness of the shown picture. */
export interface Arriving {
  readonly frames: number;
  readonly energy: number;
  /** 0 to 255, averaged over the video's corner, where the ground of the other's camera is seen. */
  readonly ground: number;
  readonly moving: number;
}

/** @param shown a selector of the video that is looked at */
export function arriving(page: Page, shown = 'video.remote'): Promise<Arriving> {
  return page.evaluate(async selector => {
    const open = window.probed.links.filter(({ signalingState }) => signalingState !== 'closed');
    const report = await open.at(-1)?.getStats();
    const arrived = { frames: 0, energy: 0 };
    report?.forEach((entry: { type: string; kind?: string; framesDecoded?: number; totalAudioEnergy?: number }) => {
      if (entry.type !== 'inbound-rtp') return;
      if (entry.kind === 'video') arrived.frames += entry.framesDecoded ?? 0;
      if (entry.kind === 'audio') arrived.energy = entry.totalAudioEnergy ?? 0;
    });
    const video = document.querySelector<HTMLVideoElement>(selector);
    const picture = new OffscreenCanvas(64, 48).getContext('2d');
    if (!video || !picture) return { ...arrived, ground: 0, moving: 0 };
    picture.drawImage(video, 0, 0, 64, 48);
    const { data } = picture.getImageData(0, 0, 64, 48);
    let sum = 0;
    let moving = 0;
    for (let pixel = 0; pixel < data.length; pixel += 4) {
      const light = data[pixel] ?? 0;
      if (pixel < 64 * 4 * 8) sum += light;
      moving = (moving * 31 + light) >>> 0;
    }
    return { ...arrived, ground: sum / (64 * 8), moving };
  }, shown);
}

/** Kinds of candidates (RFC 8445, 4): of the pair in use, and those this end has told the other. */
export interface LinkPath {
  readonly local: string;
  readonly remote: string;
  readonly told: readonly string[];
}

/** The path that the newest link has taken. */
export function pathOf(page: Page): Promise<LinkPath> {
  return page.evaluate(async () => {
    const link = window.probed.links.at(-1);
    const entries = new Map<string, { type: string; candidateType?: string; [key: string]: unknown }>();
    (await link?.getStats())?.forEach((entry: { id: string; type: string }) => entries.set(entry.id, { ...entry }));
    const kind = (id: unknown) => entries.get(String(id))?.candidateType ?? 'none';
    const transport = [...entries.values()].find(({ type }) => type === 'transport');
    const pair = entries.get(String(transport?.['selectedCandidatePairId']));
    const told = link?.localDescription?.sdp.matchAll(/a=candidate:.* typ (\w+)/g) ?? [];
    return {
      local: kind(pair?.['localCandidateId']),
      remote: kind(pair?.['remoteCandidateId']),
      told: [...new Set([...told].map(([, type = '']) => type))],
    };
  });
}
