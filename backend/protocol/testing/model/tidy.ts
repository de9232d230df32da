import { type CallId } from '#protocol/ids';
import { type Draft } from '#protocol/testing/model/draft';
import { ownCalls, type Down } from '#protocol/testing/model/whole';
import { anId } from '#protocol/testing/ids';

/**
 * States that differ only in what can have no effect are made one: frames that will be ignored, what people said about
 * calls that are long over. Without this the same future would be explored many times.
 */
export function tidy(draft: Draft): void {
  for (let x = 0; x < draft.stations.length; x++) tidyStation(draft, x);
  for (const [callId, past] of Object.entries(draft.past))
    if (past.beyond && !draft.stations.some(s => ownCalls(s).includes(anId(callId))))
      draft.past = { ...draft.past, [callId]: { ...past, beyond: false } };
}

function tidyStation(draft: Draft, x: number): void {
  const station = draft.at(x);
  const { page, up, down, since } = station;
  if (!down.length && !up.length && !since && !page.done.length) return;
  const own = new Set<string>(ownCalls(station));
  const { kept, ever } = heedful(down, own);
  if (kept.length < down.length) draft.change(x, { down: kept });
  const isPast = (callId: string): boolean => draft.past[callId] !== undefined;
  const told = up.filter(f => f.type === 'bye' || f.type === 'call.invite' || own.has(f.callId) || !isPast(f.callId));
  if (told.length < up.length) draft.change(x, { up: told });
  const unsure = since?.filter(
    f => own.has(f.callId) || ever.has(f.callId) || (f.type !== 'call.invite' && !isPast(f.callId)),
  );
  if (unsure && unsure.length < (since?.length ?? 0)) draft.change(x, { since: unsure });
  const isOver = (callId: CallId): boolean => isPast(callId) || neverReached(draft, callId);
  const done = page.done.filter(d => !isOver(callDone(d)) || ever.has(callDone(d)));
  if (done.length < page.done.length) draft.change(x, { page: { ...draft.at(x).page, done } });
}

/** The frames on their way that the page may heed: about its own call, or one that it is told of before. */
function heedful(down: readonly Down[], own: ReadonlySet<string>): { kept: Down[]; ever: Set<string | undefined> } {
  const may = new Set<string | undefined>(own);
  const ever = new Set<string | undefined>(own);
  const kept = down.filter(frame => {
    if (frame.type === 'welcome' || frame.type === 'call.invited') {
      for (const { callId } of frame.type === 'welcome' ? frame.calls : [frame]) {
        may.add(callId);
        ever.add(callId);
      }
      return true;
    }
    if (frame.type === 'fault') return may.has(frame.re.id);
    if (!('callId' in frame) || frame.type === 'call.ringing' || frame.type === 'call.peer-absent') return false;
    return frame.type === 'call.ended' ? may.delete(frame.callId) : may.has(frame.callId);
  });
  return { kept, ever };
}

/** The call about which `Page.done` says something. */
const callDone = (done: string): CallId => anId(done.slice(0, -1));

/** The server does not know this call, and no invite for it is on its way. */
function neverReached(draft: Draft, callId: CallId): boolean {
  if (draft.registry.calls.has(callId)) return false;
  return !draft.stations.some(s => s.up.some(f => f.type === 'call.invite' && f.callId === callId));
}
