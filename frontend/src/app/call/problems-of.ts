import type { Key } from '../../i18n/words';
import type { LocalState } from './local-media';
import { permissionHelp } from './permission-help';

/** Why the microphone or the camera captures nothing and, where they are refused, the way to the permission. */
export function problemsOf(local: LocalState): Key[] {
  const problems = (['microphone', 'camera'] as const).flatMap(kind => {
    const use = local[kind];
    return use.is === 'missing' ? [`call.test.problem.${kind}.${use.problem}` as const] : [];
  });
  const isRefused = problems.some(problem => problem.endsWith('.refused'));
  return isRefused ? [...problems, permissionHelp(navigator.userAgent)] : problems;
}
