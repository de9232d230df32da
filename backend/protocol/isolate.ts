/** U+2068 FIRST STRONG ISOLATE, and what ends it (UAX #9, 2.4.2). */
const [FSI, PDI] = ['\u2068', '\u2069'];
const OPENS = /[\u2066-\u2068]/;
/** Letters that are written from right to left, and characters that turn the direction of others. */
const TURNS =
  /[\u0590-\u08ff\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** Without ends that have no beginning, and with an end for each beginning: embeddings end with the isolate they are in. */
function balanced(text: string): string {
  let open = 0;
  let kept = '';
  for (const one of text) {
    if (one === PDI && open === 0) continue;
    if (one === PDI) open--;
    else if (OPENS.test(one)) open++;
    kept += one;
  }
  return kept + PDI.repeat(open);
}

/**
 * Isolates the direction of foreign text inside a sentence (UAX #9, FSI and PDI), where no element can: titles, notifications, labels.
 * The words around it keep their order. Text without characters that affect direction is returned unchanged.
 */
export const isolate = (text: string): string => (TURNS.test(text) ? FSI + balanced(text) + PDI : text);
