import type { UserId } from '#protocol/ids';
import { lookAway, type Person } from './presence.ts';

/**
 * How long a view is kept after its person was told to be offline, in ms: a welcome may still be on its way whose
 * contacts were read before the two parted.
 */
const KEPT_MS = 60_000;

type View = { person: Person; leftAt: number };

/**
 * What people who may no longer see each other are told of each other: the same, at the same time, as if the other had
 * left at that moment. Whoever was not there, or was never seen, has no view: nothing changes for the reader.
 */
export class PartedViews {
  readonly #byReader = new Map<UserId, Map<UserId, View>>();

  /** What `reader` is to believe of each person they may not see any more. */
  of(reader: UserId): ReadonlyMap<UserId, Person> {
    const views = this.#byReader.get(reader);
    return new Map([...(views ?? [])].map(([of, { person }]) => [of, person]));
  }

  /** `reader` may not see `of` any more, of whom they were told `person`. One who has parted already stays so. */
  part(reader: UserId, of: UserId, person: Person, now: number): void {
    const views = this.#byReader.get(reader) ?? new Map<UserId, View>();
    this.#byReader.set(reader, views);
    if (views.has(of)) return;
    const [leaving] = lookAway(person, now);
    views.set(of, { person: leaving, leftAt: leaving.leftAt ?? now });
  }

  /** `reader` may see `of` again; answers with what they believe of them, where they have parted lately. */
  meet(reader: UserId, of: UserId): Person | undefined {
    const view = this.#byReader.get(reader)?.get(of);
    this.#forget(reader, of);
    return view?.person;
  }

  /** Those who are to be told as gone now; each is so once. */
  gone(now: number): { reader: UserId; of: UserId; leftAt: number }[] {
    const gone = [];
    for (const [reader, views] of this.#byReader) {
      for (const [of, view] of views) {
        const [person] = lookAway(view.person, now);
        if (person.told !== view.person.told) gone.push({ reader, of, leftAt: view.leftAt });
        view.person = person;
        if (person.told === 'offline' && now - view.leftAt > KEPT_MS) this.#forget(reader, of);
      }
    }
    return gone;
  }

  #forget(reader: UserId, of: UserId): void {
    const views = this.#byReader.get(reader);
    views?.delete(of);
    if (views?.size === 0) this.#byReader.delete(reader);
  }
}
