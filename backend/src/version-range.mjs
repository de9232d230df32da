/*
 * Ranges of versions, as `engines` of package.json and scripts/known-bad-versions.json write them: the part of npm's grammar
 * that both need (https://github.com/npm/node-semver#ranges). Plain JavaScript without dependencies, because scripts/prepare.mjs
 * asks it on a Node that may be too old for anything else.
 */

/** `1.2.3-beta.1` → its three numbers, and whether something follows that makes it older than the release. */
function parse(version) {
  const found = /^v?(\d+)\.(\d+)\.(\d+)(-[\w.-]+)?(\+[\w.-]+)?$/.exec(version);
  if (found === null) throw new Error(`${version} is no version`);
  return { numbers: found.slice(1, 4).map(Number), isEarly: found[4] !== undefined };
}

/**
 * @param {string} one a version
 * @param {string} other a version; two early versions of one release count as equal
 * @returns {number} below 0 where `one` is the older, above 0 where it is the newer
 */
export function compareVersions(one, other) {
  const [left, right] = [parse(one), parse(other)];
  const at = left.numbers.findIndex((number, index) => number !== right.numbers[index]);
  if (at >= 0) return left.numbers[at] - right.numbers[at];
  return Number(right.isEarly) - Number(left.isEarly);
}

const COMPARE = {
  '>=': (version, limit) => compareVersions(version, limit) >= 0,
  '>': (version, limit) => compareVersions(version, limit) > 0,
  '<=': (version, limit) => compareVersions(version, limit) <= 0,
  '<': (version, limit) => compareVersions(version, limit) < 0,
  '=': (version, limit) => compareVersions(version, limit) === 0,
  // From 1.0.0 on: nothing newer than the major version.
  '^': (version, limit) =>
    compareVersions(version, limit) >= 0 && parse(version).numbers[0] === parse(limit).numbers[0],
};

/**
 * @param {string} version such as `24.22.3`
 * @param {string} range alternatives by ` || `, each of comparisons by blanks: `^24.22.1 || >=26.12.1 <27.0.0`
 * @returns {boolean}
 * @throws where either is not of this form: a range that is not understood must not pass for a check
 */
export function isInRange(version, range) {
  return range.split('||').some(alternative =>
    alternative
      .trim()
      .split(/\s+/)
      .every(comparison => {
        const [, sign, limit] = /^(>=|>|<=|<|=|\^)(.+)$/.exec(comparison) ?? [];
        if (sign === undefined) throw new Error(`"${range}" is no range`);
        return COMPARE[sign](version, limit);
      }),
  );
}
