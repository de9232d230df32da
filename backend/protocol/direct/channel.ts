/** The data channel for files: its number, which both ends know beforehand, and its name (RFC 8831). */
export const FILE_CHANNEL = { id: 1, label: 'files' } as const;
