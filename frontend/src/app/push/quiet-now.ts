import { isSilenced, type Quiet, readQuiet, type Sound } from '../../../worker/quiet';
import { remembered } from '../device/remembered';

/** When this device is to be silent, as it was chosen here. */
export function chosenQuiet(): Quiet {
  try {
    return readQuiet(JSON.parse(remembered('parley.quiet') ?? 'null'));
  } catch {
    return readQuiet(null);
  }
}

/** Whether this device is to be silent at the moment, about `sound`. */
export const isSilencedNow = (sound?: Sound): boolean => isSilenced(chosenQuiet(), new Date(), sound);
