import { effect, untracked } from '@angular/core';
import { type PeerChannel } from './peer-channel';

export interface ChannelEvents {
  readonly opened: () => void;
  readonly heard: (data: unknown, channel: PeerChannel) => void;
  /** It has closed, or another one takes its place. */
  readonly lost: () => void;
}

/**
 * Listens to a channel of a call's link, and to the one that takes its place. To be called in an injection context, and over with it.
 * @returns the present channel
 */
export function followChannel(channel: () => PeerChannel | null, on: ChannelEvents): () => PeerChannel | null {
  let present: PeerChannel | null = null;
  effect(onCleanup => {
    const now = channel();
    present = now;
    if (now === null) return;
    const end = now.listen({ opened: on.opened, heard: data => on.heard(data, now), closed: on.lost });
    onCleanup(() => {
      end();
      untracked(() => on.lost());
    });
  });
  return () => present;
}
