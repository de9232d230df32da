import phone from 'lucide-static/icons/phone.svg';
import phoneIncoming from 'lucide-static/icons/phone-incoming.svg';
import phoneMissed from 'lucide-static/icons/phone-missed.svg';
import phoneOutgoing from 'lucide-static/icons/phone-outgoing.svg';
import type { CallEntry } from '#protocol/api/calls';
import { outcomeOf } from './call-entries';

/** The sign of a call, as lists and conversations draw it. */
export function callIcon(entry: CallEntry): string {
  const outcome = outcomeOf(entry);
  if (outcome === 'missed') return phoneMissed;
  if (outcome !== 'talked') return phone;
  return entry.direction === 'incoming' ? phoneIncoming : phoneOutgoing;
}
