import { Interning } from '#protocol/testing/model/interning';
import { isAllIdle, isQuiet, violation } from '#protocol/testing/model/invariants';
import { type Cause, steps } from '#protocol/testing/model/steps';
import { begin as beginning, type Bounds, RULES, type Rules, type Whole } from '#protocol/testing/model/whole';

export interface Explored {
  readonly states: number;
  readonly quiet: number;
  readonly depth: number;
  /** The rule that broke and the steps that led there. */
  readonly violation: { readonly what: string; readonly trace: readonly string[] } | null;
}

/** A list of numbers that grows without boxes: there are millions of steps. */
class Numbers {
  values = new Int32Array(1 << 16);
  length = 0;
  push(value: number): void {
    if (this.length === this.values.length) {
      const wider = new Int32Array(this.length * 2);
      wider.set(this.values);
      this.values = wider;
    }
    this.values[this.length++] = value;
  }
  at(index: number): number {
    return this.values[index] ?? -1;
  }
}

const WEIGHT: Record<Cause, number> = { itself: 0, 'hang-up': 1, choice: 2 };

/**
 * Breadth first through everything that can happen within the bounds. Each state must keep the invariants, and from each
 * some path of what follows by itself leads to quiet, and with hang-ups alone to all idle: nobody is ever stuck.
 */
export function explore(bounds: Bounds, rules: Rules = RULES): Explored {
  const search = new Search(bounds, rules);
  const broken = search.run();
  return { states: search.states, quiet: search.quiet.length, depth: search.depth, violation: broken };
}

/** The state in which the exploration begins. */
function begin(bounds: Bounds): Whole {
  return (bounds.after ?? []).reduce((whole, label) => {
    const found = steps(whole, bounds, RULES).filter(step => step.label === label);
    const [step] = found;
    if (!step)
      throw new Error(
        `no step "${label}": ${steps(whole, bounds, RULES)
          .map(s => s.label)
          .join('; ')}`,
      );
    return step.next;
  }, beginning(bounds));
}

class Search {
  readonly quiet: number[] = [];
  depth = 0;
  readonly #idle: number[] = [];
  readonly #seen = new Map<string, number>();
  readonly #interning = new Interning();
  readonly #parents = new Numbers();
  readonly #from = new Numbers();
  readonly #to = new Numbers();
  readonly #bounds: Bounds;
  readonly #rules: Rules;

  constructor(bounds: Bounds, rules: Rules) {
    this.#bounds = bounds;
    this.#rules = rules;
  }

  get states(): number {
    return this.#seen.size;
  }

  run(): Explored['violation'] {
    const first = begin(this.#bounds);
    this.#seen.set(this.#interning.keyOf(first), 0);
    this.#parents.push(-1);
    let layer: [number, Whole][] = [[0, first]];
    while (layer.length > 0) {
      const next: [number, Whole][] = [];
      for (const [id, whole] of layer) {
        const what = this.#visit(id, whole, next);
        if (what !== null) return { what, trace: this.#trace(id) };
      }
      layer = next;
      this.depth++;
    }
    return (
      this.#unreached(this.quiet, WEIGHT.itself, 'no path leads to quiet') ??
      this.#unreached(this.#idle, WEIGHT['hang-up'], 'no path leads to all idle')
    );
  }

  #visit(id: number, whole: Whole, next: [number, Whole][]): string | null {
    const what = violation(whole, this.#bounds);
    if (what !== null) return what;
    if (isQuiet(whole)) {
      this.quiet.push(id);
      if (isAllIdle(whole)) this.#idle.push(id);
    }
    for (const step of steps(whole, this.#bounds, this.#rules)) {
      const key = this.#interning.keyOf(step.next);
      let to = this.#seen.get(key);
      if (to === undefined) {
        to = this.#seen.size;
        this.#seen.set(key, to);
        this.#parents.push(id);
        next.push([to, step.next]);
      }
      if (step.cause === 'choice') continue;
      this.#from.push(id * 2 + WEIGHT[step.cause]);
      this.#to.push(to);
    }
    return null;
  }

  /** Walks the steps backwards from the goals; a state that is not met cannot get there. */
  #unreached(goals: readonly number[], weight: number, what: string): Explored['violation'] {
    const { head, link } = this.#backwards();
    const reached = new Uint8Array(this.states);
    const stack = [...goals];
    for (const goal of stack) reached[goal] = 1;
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      for (let edge = head[at] ?? -1; edge >= 0; edge = link[edge] ?? -1) {
        const from = this.#from.at(edge) >> 1;
        if ((this.#from.at(edge) & 1) > weight || reached[from]) continue;
        reached[from] = 1;
        stack.push(from);
      }
    }
    const stuck = reached.indexOf(0);
    return stuck < 0 ? null : { what, trace: this.#trace(stuck) };
  }

  #backwards(): { head: Int32Array; link: Int32Array } {
    const head = new Int32Array(this.states).fill(-1);
    const link = new Int32Array(this.#from.length);
    for (let edge = 0; edge < link.length; edge++) {
      const to = this.#to.at(edge);
      link[edge] = head[to] ?? -1;
      head[to] = edge;
    }
    return { head, link };
  }

  /** The labels of the steps that lead to this state, found again by walking from the beginning. */
  #trace(id: number): string[] {
    const path: number[] = [];
    for (let at = id; at > 0; at = this.#parents.at(at)) path.unshift(at);
    const labels: string[] = [];
    let whole = begin(this.#bounds);
    for (const at of path) {
      const taken = steps(whole, this.#bounds, this.#rules).find(
        step => this.#seen.get(this.#interning.keyOf(step.next)) === at,
      );
      if (!taken) throw new Error(`lost the trace after ${labels.join('; ')}`);
      labels.push(taken.label);
      whole = taken.next;
    }
    return labels;
  }
}
