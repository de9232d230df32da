/** What a spec writes of a link in the place of its statistics. */
export interface WrittenStats {
  lostThere: number;
  lostHere: number;
  roundTripMs: number;
  relayed: boolean;
}

/** Puts written statistics in the place of every peer connection's; each look finds another hundred packets. */
export function writeStats(): WrittenStats {
  const written: WrittenStats = { lostThere: 0, lostHere: 0, roundTripMs: 20, relayed: false };
  let [received, lost, sent] = [0, 0, 0];
  spyOn(RTCPeerConnection.prototype, 'getStats').and.callFake(() => {
    received += 100 - written.lostHere;
    lost += written.lostHere;
    sent += 20_000;
    const stats = [
      { id: 'T', type: 'transport', selectedCandidatePairId: 'P' },
      { id: 'P', type: 'candidate-pair', localCandidateId: 'L', currentRoundTripTime: written.roundTripMs / 1_000 },
      {
        id: 'L',
        type: 'local-candidate',
        protocol: 'udp',
        candidateType: written.relayed ? 'relay' : 'host',
        relayProtocol: written.relayed ? 'tcp' : undefined,
      },
      { id: 'I', type: 'inbound-rtp', kind: 'audio', packetsReceived: received, packetsLost: lost, jitter: 0.005 },
      { id: 'R', type: 'remote-inbound-rtp', kind: 'audio', fractionLost: written.lostThere, jitter: 0.005 },
      { id: 'A', type: 'outbound-rtp', kind: 'audio', bytesSent: sent / 10, codecId: 'C' },
      { id: 'C', type: 'codec', mimeType: 'audio/opus' },
      { id: 'V', type: 'outbound-rtp', kind: 'video', bytesSent: sent, framesPerSecond: 30, codecId: 'D' },
      { id: 'D', type: 'codec', mimeType: 'video/VP8' },
    ];
    return Promise.resolve(new Map(stats.map(stat => [stat.id, stat])));
  });
  return written;
}
