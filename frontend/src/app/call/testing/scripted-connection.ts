type Handler = ((event: unknown) => void) | null;

/**
 * The part of `RTCPeerConnection` that negotiation uses (WebRTC 1.0, 4.4), without media: its states, its chain of
 * operations, and `negotiationneeded`. What takes time waits for `next()`; `log` has all of it in its order.
 */
export class ScriptedConnection {
  signalingState: RTCSignalingState = 'stable';
  localDescription: RTCSessionDescriptionInit | null = null;
  remoteDescription: RTCSessionDescriptionInit | null = null;
  currentRemoteDescription: RTCSessionDescriptionInit | null = null;
  onnegotiationneeded: Handler = null;
  onicecandidate: Handler = null;
  readonly log: string[] = [];
  readonly #steps: (() => void)[] = [];
  #made = 0;

  /** @param description none: an offer, or an answer to the offer that is set */
  setLocalDescription(description?: RTCLocalSessionDescriptionInit): Promise<void> {
    return this.#take(`local ${description?.type ?? ''}`.trim(), () => {
      if (description?.type === 'rollback') return this.#rollback();
      const type = this.signalingState === 'have-remote-offer' ? 'answer' : 'offer';
      if (type === 'answer') this.currentRemoteDescription = this.remoteDescription;
      this.signalingState = type === 'answer' ? 'stable' : 'have-local-offer';
      this.localDescription = { type, sdp: `${type} ${String((this.#made += 1))}` };
    });
  }

  setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
    return this.#take(`remote ${description.type} ${description.sdp ?? ''}`, () => {
      if (description.sdp === 'broken') throw new Error('broken');
      if (description.type === 'answer') this.currentRemoteDescription = description;
      this.remoteDescription = description;
      this.signalingState = description.type === 'offer' ? 'have-remote-offer' : 'stable';
    });
  }

  addIceCandidate({ candidate }: RTCIceCandidateInit): Promise<void> {
    return this.#take(`candidate ${candidate ?? ''}`, () => {
      if (candidate === 'malformed') throw new Error('malformed');
    });
  }

  restartIce(): void {
    if (this.signalingState === 'closed') throw new Error('closed');
    this.log.push('restart');
    this.onnegotiationneeded?.({});
  }

  /** Whether something takes time now. */
  get isBusy(): boolean {
    return this.#steps.length > 0;
  }

  /** Lets the oldest step happen, with all that follows from it until the next one that takes time. */
  async next(): Promise<void> {
    const step = this.#steps.shift();
    if (step === undefined) throw new Error(`nothing is under way after ${this.log.join(', ')}`);
    step();
    await settled();
  }

  /** Lets everything happen. */
  async all(): Promise<void> {
    await settled();
    while (this.isBusy) await this.next();
  }

  close(): void {
    this.signalingState = 'closed';
  }

  #rollback(): void {
    this.signalingState = 'stable';
    this.localDescription = null;
  }

  #take(name: string, act: () => void): Promise<void> {
    this.log.push(name);
    const happen = async (): Promise<void> => {
      if (this.signalingState === 'closed') throw new Error('closed');
      act();
    };
    return new Promise(resolve => this.#steps.push(() => resolve(happen())));
  }
}

/** All promises that can go on have gone on: more turns than any chain here has links. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}
