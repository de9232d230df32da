import { inject } from '@angular/core';
import { toObservable } from '@angular/core/rxjs-interop';
import { type CanActivateFn, type CanMatchFn, Router } from '@angular/router';
import { filter, map } from 'rxjs';
import { Account } from './account';
import { wantedBehind } from './wanted';

const known = () => toObservable(inject(Account).state).pipe(filter(state => state.is !== 'unknown'));

/** Lets in a person who is known on this device, with or without a server; others sign in first, and then go where they wanted. */
export const forSignedIn: CanMatchFn = () => {
  const router = inject(Router);
  const wanted = router.currentNavigation()?.extractedUrl.toString() ?? '/';
  const door = router.createUrlTree(['/sign-in'], { queryParams: wantedBehind(wanted) });
  return known().pipe(map(state => (state.is === 'signed-out' ? door : true)));
};

/** For addresses that mean one thing to those who are in and another to those who are not. */
export const isSignedOut: CanMatchFn = () => known().pipe(map(state => state.is === 'signed-out'));

/** Whether whoever was here last has lost the keys of this device, and nobody has said to be somebody else. */
export const hasLostKeys: CanMatchFn = () => {
  const account = inject(Account);
  const isOther = inject(Router).currentNavigation()?.extractedUrl.queryParamMap.has('who');
  return known().pipe(map(() => account.lostBy() !== undefined && isOther !== true));
};

/** The door is for those who are out. */
export const forSignedOut: CanActivateFn = () => {
  const inside = inject(Router).createUrlTree(['/']);
  return known().pipe(map(state => (state.is === 'signed-out' ? true : inside)));
};
