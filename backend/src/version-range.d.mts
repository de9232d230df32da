/** Below 0 where `one` is the older version, above 0 where it is the newer. Throws where one is no version. */
export declare function compareVersions(one: string, other: string): number;
/** Whether a version is in a range of alternatives by `||`. Throws where either is not of the form that is understood. */
export declare function isInRange(version: string, range: string): boolean;
