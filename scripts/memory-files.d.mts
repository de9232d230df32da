/** What a spec replaces: the environment to be changed, where the memory is, and how much of it must be free, in bytes. */
export interface Parts {
  readonly env?: Record<string, string | undefined>;
  readonly memory?: string;
  readonly room?: number;
}
export declare function writeToMemory(parts?: Parts): void;
