/** What a browser lets be known about itself. */
export interface BrowserFacts {
  /** Runs as an installed app already. */
  readonly standalone: boolean;
  /** The browser has offered to install (`beforeinstallprompt`). */
  readonly offered: boolean;
  readonly userAgent: string;
  readonly touchPoints: number;
}

/** How the app gets onto this device: by our button, by hand on iOS, or by a menu of the browser's if it has one. */
export type WayToInstall = 'installed' | 'button' | 'ios' | 'menu';

/** An iPad calls itself a Macintosh, which no one can touch. */
export function wayToInstall({ standalone, offered, userAgent, touchPoints }: BrowserFacts): WayToInstall {
  if (standalone) return 'installed';
  if (offered) return 'button';
  const isIos = /iPhone|iPad|iPod/.test(userAgent) || (/Macintosh/.test(userAgent) && touchPoints > 1);
  return isIos ? 'ios' : 'menu';
}
