import { isQuiet, type Quiet, readQuiet } from '../../../worker/quiet';
import { remembered } from '../device/remembered';

/** When this device is to be silent, as it was chosen here. */
export function chosenQuiet(): Quiet {
  try {
    return readQuiet(JSON.parse(remembered('parley.quiet') ?? 'null'));
  } catch {
    return readQuiet(null);
  }
}

/** Whether this device is to be silent at the moment. */
export const isQuietNow = (): boolean => isQuiet(chosenQuiet(), new Date());
