import type { CanActivateFn, CanMatchFn } from '@angular/router';

export const forSignedIn: CanMatchFn = () => true;
export const forSignedOut: CanActivateFn = () => true;
