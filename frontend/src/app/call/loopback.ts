/** A call from this page to itself, over the network as a real one. */
export interface Loopback {
  /** What came out at the other end. */
  readonly received: MediaStream;
  /** Resolves once it connects, rejects when it cannot. */
  readonly connected: Promise<void>;
  readonly close: () => void;
}

/** How long a connection inside one machine may take. */
const PATIENCE_MS = 10_000;

/**
 * Connects two peer connections of this page and sends the tracks from one to the other.
 *
 * @param configuration with `iceTransportPolicy: 'relay'` it proves that the relay works, with nothing to send
 */
export function loopback(configuration: RTCConfiguration, tracks: readonly MediaStreamTrack[]): Loopback {
  const [from, to] = [new RTCPeerConnection(configuration), new RTCPeerConnection(configuration)];
  const received = new MediaStream();
  from.onicecandidate = ({ candidate }) => void to.addIceCandidate(candidate ?? undefined).catch(() => undefined);
  to.onicecandidate = ({ candidate }) => void from.addIceCandidate(candidate ?? undefined).catch(() => undefined);
  to.ontrack = ({ track }) => received.addTrack(track);
  for (const track of tracks) from.addTrack(track);
  // Something must be negotiated where nothing is sent.
  if (tracks.length === 0) from.createDataChannel('test');
  const connected = connect(from, to);
  const close = () => {
    from.close();
    to.close();
  };
  return { received, connected, close };
}

async function connect(from: RTCPeerConnection, to: RTCPeerConnection): Promise<void> {
  const up = new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('no connection in time')), PATIENCE_MS);
    from.onconnectionstatechange = () => {
      if (from.connectionState === 'connected') resolve();
      if (from.connectionState === 'failed') reject(new Error('the connection failed'));
      if (from.connectionState !== 'connecting') clearTimeout(late);
    };
  });
  // Nobody waits for it where the test was stopped before there was anything to connect.
  up.catch(() => undefined);
  await from.setLocalDescription();
  if (from.localDescription) await to.setRemoteDescription(from.localDescription);
  await to.setLocalDescription();
  if (to.localDescription) await from.setRemoteDescription(to.localDescription);
  await up;
}
