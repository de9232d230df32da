import { Observable } from 'rxjs';
import { SUBPROTOCOL } from '#protocol/session-frames';

/** What a client says when it gives a socket up: anything but 1000 and 1001, which would end the session. */
const ABANDONED = 4000;

/** One open socket: what is written is lost without a word once it is not open any more. */
export interface OpenSocket {
  readonly write: (text: string) => void;
  /** Closes for good: the server ends the session at once (RFC 6455, 7.4.1: 1000). */
  readonly bye: () => void;
}

/** What one WebSocket does, in order: opened, any number of texts, closed; then the observable completes. */
export type SocketEvent =
  | { readonly type: 'opened'; readonly socket: OpenSocket }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'closed'; readonly code: number; readonly reason?: string };

/**
 * A WebSocket for as long as somebody is subscribed. Unsubscribing abandons it: nothing is heard of it any more, not
 * even its close event, which a dead network delivers minutes late.
 * @param url `wss:` or `ws:`, absolute
 */
export function webSocket(url: string): Observable<SocketEvent> {
  return new Observable(subscriber => {
    const raw = new WebSocket(url, SUBPROTOCOL);
    const ends = new AbortController();
    const { signal } = ends;
    const write = (text: string): void => {
      if (raw.readyState === WebSocket.OPEN) raw.send(text);
    };
    const bye = (): void => raw.close(1000, 'bye');
    raw.addEventListener('open', () => subscriber.next({ type: 'opened', socket: { write, bye } }), { signal });
    raw.addEventListener('message', event => subscriber.next({ type: 'text', text: String(event.data) }), { signal });
    raw.addEventListener(
      'close',
      event => {
        subscriber.next({ type: 'closed', code: event.code, reason: event.reason });
        subscriber.complete();
      },
      { signal },
    );
    return () => {
      ends.abort();
      if (raw.readyState < WebSocket.CLOSING) raw.close(ABANDONED, 'abandoned');
    };
  });
}
