import history from 'lucide-static/icons/history.svg';
import info from 'lucide-static/icons/info.svg';
import keyRound from 'lucide-static/icons/key-round.svg';
import laptop from 'lucide-static/icons/laptop.svg';
import lock from 'lucide-static/icons/lock-keyhole.svg';
import lockOpen from 'lucide-static/icons/lock-open.svg';
import refresh from 'lucide-static/icons/refresh-cw.svg';
import shieldAlert from 'lucide-static/icons/shield-alert.svg';
import shieldCheck from 'lucide-static/icons/shield-check.svg';
import shield from 'lucide-static/icons/shield.svg';
import { type Fact } from './how-known';

/** The sign of each; its words stand beside it. */
export const FACT_ICONS: Readonly<Record<Fact, string>> = {
  verified: shieldCheck,
  pinned: shield,
  changed: shieldAlert,
  earlier: history,
  here: laptop,
  own: laptop,
  signed: keyRound,
  backup: keyRound,
  resent: refresh,
  readers: lock,
  open: lockOpen,
  shown: history,
  plain: lockOpen,
  unrecorded: info,
  unknown: info,
  sealed: lock,
};
