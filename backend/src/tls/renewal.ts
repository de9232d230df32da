import { sameNames, type LeafNames } from './leaf-names.ts';
import { day } from './x509.ts';

/** A leaf is replaced when this many ms of its life are left. */
const reserve = 30 * day;

/** What is known of the leaf on disk; dates in ms. */
export type LeafOnDisk =
  | { readonly state: 'missing' }
  | { readonly state: 'half-written' }
  | {
      readonly state: 'whole';
      readonly notBefore: number;
      readonly notAfter: number;
      readonly names: LeafNames;
      readonly isSignedByRoot: boolean;
    };

/** Why a leaf is issued anew; somebody may ask for it. */
export type RenewalReason =
  'missing' | 'half-written' | 'foreign' | 'not-yet-valid' | 'expired' | 'expires-soon' | 'names-changed' | 'asked-for';

/**
 * @param wanted what a leaf would name today
 * @param now in ms
 * @returns undefined where the leaf on disk still serves
 */
export function renewalReason(leaf: LeafOnDisk, wanted: LeafNames, now: number): RenewalReason | undefined {
  if (leaf.state !== 'whole') return leaf.state;
  if (!leaf.isSignedByRoot) return 'foreign';
  if (now < leaf.notBefore) return 'not-yet-valid';
  if (now >= leaf.notAfter) return 'expired';
  if (now >= leaf.notAfter - reserve) return 'expires-soon';
  return sameNames(leaf.names, wanted) ? undefined : 'names-changed';
}
