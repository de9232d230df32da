import type { Page } from 'playwright-core';

declare global {
  interface Window {
    bare: {
      /** As a caller while it rings: devices and connection are there. */
      readonly prepare: () => Promise<void>;
      /** As the one who accepts. @returns ms to the first frame of the other */
      readonly accept: () => Promise<number>;
      readonly close: () => void;
    };
  }
}

/** A page that can call the page at the other end of a bare relay, with nothing that could be left out. */
export function bareEnd(page: Page, port: number, index: number): Promise<void> {
  return page.evaluate(inPage, { port, index });
}

/** Runs in the page. */
async function inPage({ port, index }: { port: number; index: number }): Promise<void> {
  type Said = { accept?: true; description?: RTCSessionDescriptionInit; candidate?: RTCIceCandidateInit };
  const socket = new WebSocket(`ws://127.0.0.1:${port}/${index}`);
  await new Promise(resolve => (socket.onopen = resolve));
  const say = (said: Said) => socket.send(JSON.stringify(said));
  let pc = new RTCPeerConnection();
  let stream = new MediaStream();
  const capture = async () =>
    (stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width: 1280, height: 720 } }));
  const connect = () => {
    pc = new RTCPeerConnection();
    pc.onicecandidate = ({ candidate }) => candidate && say({ candidate: candidate.toJSON() });
    socket.onmessage = ({ data }: MessageEvent<string>) => void hear(JSON.parse(data) as Said);
  };
  const hear = async ({ accept, description, candidate }: Said) => {
    if (candidate) return pc.addIceCandidate(candidate);
    if (description) await pc.setRemoteDescription(description);
    if (description?.type === 'offer') await fill();
    if (!accept && description?.type !== 'offer') return;
    await pc.setLocalDescription();
    if (pc.localDescription) say({ description: pc.localDescription });
  };
  const fill = async () => {
    for (const transceiver of pc.getTransceivers()) {
      transceiver.direction = 'sendrecv';
      const track = stream.getTracks().find(({ kind }) => kind === transceiver.receiver.track.kind);
      await transceiver.sender.replaceTrack(track ?? null);
    }
  };
  const prepare = async () => {
    connect();
    for (const track of (await capture()).getTracks()) pc.addTransceiver(track, { streams: [stream] });
  };
  const accept = async () => {
    const start = performance.now();
    connect();
    const video = document.body.appendChild(document.createElement('video'));
    Object.assign(video, { muted: true, autoplay: true });
    const framed = new Promise<number>(resolve => video.requestVideoFrameCallback(() => resolve(performance.now())));
    pc.ontrack = ({ track }) => track.kind === 'video' && (video.srcObject = new MediaStream([track]));
    say({ accept: true });
    await capture();
    await fill();
    const end = await framed;
    video.remove();
    return end - start;
  };
  const close = () => {
    stream.getTracks().forEach(track => track.stop());
    pc.close();
  };
  window.bare = { prepare, accept, close };
}
