import { html } from './html.ts';

/** Two voices that overlap: the name mark, as it stands in the app. */
export const MARK = html`<svg
  class="mark"
  xmlns="http://www.w3.org/2000/svg"
  width="48"
  height="48"
  viewBox="0 0 48 48"
  aria-hidden="true"
>
  <circle cx="19" cy="21" r="14" fill="#0b6b5d" />
  <path d="M8 28 5.600 38.500 17 34Z" fill="#0b6b5d" />
  <circle cx="30" cy="24" r="13" fill="#f0a35a" />
  <path d="M40 30l3 9.500L32 36.500Z" fill="#f0a35a" />
  <path d="M24.500 11.800A14 14 0 0 1 24.700 34.800 13 13 0 0 1 24.500 11.800Z" fill="#083f38" />
</svg>`;
