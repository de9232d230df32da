import { computed, inject, Injectable, InjectionToken, signal } from '@angular/core';
import { toObservable, toSignal } from '@angular/core/rxjs-interop';
import { type Shown, usernameAnswer } from '#protocol/api/account';
import { foldUsername, username } from '#protocol/username';
import { concat, delay, of, switchMap } from 'rxjs';
import { call } from './fetch-json';

/** What is known about a name while it is typed. `unsure`: the server was not asked or did not answer; it decides later. */
export type NameState = 'empty' | 'short' | 'letters' | 'asking' | 'free' | 'taken' | 'unsure';

/** After the last key, in ms: twenty questions are all the server answers. */
const QUIET_MS = 400;

/** Asks whether a name is free, by what gives the right to ask; a spec puts its own in its place. */
export const IS_FREE = new InjectionToken<(name: string, shown: Shown) => Promise<boolean | undefined>>('is free', {
  providedIn: 'root',
  factory: () => async (name, shown) => {
    const answer = await call('POST', '/api/auth/username', { body: { name, ...shown }, answer: usernameAnswer });
    return answer.ok ? answer.value.free : undefined;
  },
});

/** What can be said about a name without asking anybody. */
export function shapeOf(typed: string): 'empty' | 'short' | 'letters' | 'fine' {
  const name = foldUsername(typed);
  if (name === '') return 'empty';
  if (username.safeParse(name).success) return 'fine';
  return /^[a-z0-9_.-]{1,2}$/.test(name) ? 'short' : 'letters';
}

/** A username while it is typed: its shape at once, whether it is free after a pause. One for each form. */
@Injectable()
export class UsernameCheck {
  readonly #isFree = inject(IS_FREE);
  readonly typed = signal('');
  /** The invitation, or the set-up link, that somebody new has. */
  readonly shown = signal<Shown>({});
  readonly name = computed(() => foldUsername(this.typed()));

  readonly state = toSignal(
    toObservable(this.typed).pipe(
      switchMap(typed => {
        const shape = shapeOf(typed);
        if (shape !== 'fine') return of<NameState>(shape);
        const asked = of(foldUsername(typed)).pipe(
          delay(QUIET_MS),
          switchMap(name => this.#ask(name)),
        );
        return concat(of<NameState>('asking'), asked);
      }),
    ),
    { initialValue: 'empty' },
  );

  async #ask(name: string): Promise<NameState> {
    const free = await this.#isFree(name, this.shown());
    return free === undefined ? 'unsure' : free ? 'free' : 'taken';
  }
}
