import { type ClientCall } from '#protocol/call-client-state';
import { type Page, type Station, type Whole } from '#protocol/testing/model/whole';

/** Gives equal values one number. A value that was seen before, as an object, costs a look-up and no comparison. */
class Numbers {
  readonly #byText = new Map<string, number>();
  readonly #known = new WeakMap<object, number>();

  of<T extends object>(value: T | null, text: (value: T) => string): number {
    if (value === null) return 0;
    const known = this.#known.get(value);
    if (known !== undefined) return known;
    const written = text(value);
    const number = this.#byText.get(written) ?? this.#byText.size + 1;
    if (number > 0xffff) throw new Error('too many different parts for one character each');
    this.#byText.set(written, number);
    this.#known.set(value, number);
    return number;
  }
}

const json = (value: object): string => JSON.stringify(value);
const ofCall = (call: ClientCall | null): object | null =>
  call?.state === 'joined' ? { ...call, links: [...call.links], next: [...call.next] } : call;
const ofPage = ({ calls: { current, held, waiting }, links, done }: Page): string =>
  json([ofCall(current), ofCall(held), waiting, links, done]);
const entries = ({ calls, places }: Whole['registry']): string => JSON.stringify([[...calls], [...places]]);

/** Writes a whole state as a short string, one character a part: what changes shares all other parts with its past. */
export class Interning {
  readonly #counts = new Numbers();
  readonly #registry = new Numbers();
  readonly #past = new Numbers();
  readonly #pages = new Numbers();
  readonly #nets = new Numbers();
  readonly #frames = new Numbers();
  readonly #lists = new Numbers();
  readonly #list = (frames: readonly object[]): string =>
    String.fromCharCode(...frames.map(frame => this.#frames.of(frame, json)));

  keyOf({ counts, registry, saved, past, stations, bad }: Whole): string {
    const { fromCharCode } = String;
    return fromCharCode(
      bad === null ? 0 : 1,
      this.#counts.of(counts, json),
      this.#registry.of(registry, entries),
      this.#registry.of(saved, entries),
      this.#past.of(past, json),
      ...stations.flatMap(station => this.#parts(station)),
    );
  }

  readonly #partsOf = new WeakMap<Station, number[]>();

  #parts(station: Station): number[] {
    const known = this.#partsOf.get(station);
    if (known) return known;
    const { page, net, up, down, since } = station;
    const parts = [
      this.#pages.of(page, ofPage),
      this.#nets.of(net, json),
      this.#lists.of(up, this.#list),
      this.#lists.of(down, this.#list),
      this.#lists.of(since, this.#list),
    ];
    this.#partsOf.set(station, parts);
    return parts;
  }
}
