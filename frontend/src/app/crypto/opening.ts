import { type Content } from '#protocol/content/kinds';
import { drawableOf } from './drawable';

/**
 * The opening half of the codec, which the data worker has as well: it reads entries beside the page, where nothing is
 * injected. Total: what cannot be read, or is not drawn by this app, is content of an unknown kind.
 */
export const opened = async (data: string): Promise<Content> => drawableOf(data);
