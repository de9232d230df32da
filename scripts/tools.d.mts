/** The names of scripts/tools.mjs. */
export type Tool =
  | 'chromium'
  | 'headless-shell'
  | 'firefox'
  | 'certutil'
  | 'strace'
  | 'coturn'
  | 'redis'
  | 'ip'
  | 'nft'
  | 'openssl'
  | 'nginx'
  | 'caddy'
  | 'inter'
  | 'noto'
  | 'emoji';
export declare const tools: readonly {
  name: Tool;
  found: readonly string[];
  debian: readonly string[];
  optional?: true;
}[];
export declare function whereIs(name: Tool): string | undefined;
/** Where a command of PATH, or a file by its absolute path, is. */
export declare function locate(file: string): string | undefined;
