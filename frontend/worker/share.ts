import { keepShare, type Share } from './share-box.ts';

/** Where the system posts what is shared, and where a person then chooses whom to send it to: manifest and app routes. */
const PLACE = '/share';

/** More text than one message holds, characters, so that the page sees that it has to cut; as many files, and of each name as much, as a page can name. */
const LONGEST = 64_000;
const MOST_FILES = 20;
const LONGEST_NAME = 120;

/**
 * Whether a request is a share of the system's (Web Share Target, 4). Another site's form can post here too: one that says
 * where it comes from is not let in, and of one that does not only text arrives, in front of a person who has to choose.
 * @param referrer as the request has it: '' where the system itself opens the page
 * @param origin ours
 */
export function isShareTarget(request: Pick<Request, 'method' | 'url' | 'referrer'>, origin: string): boolean {
  const { pathname, origin: target } = new URL(request.url);
  if (request.method !== 'POST' || target !== origin || pathname !== PLACE) return false;
  return !/^https?:/.test(request.referrer) || new URL(request.referrer).origin === origin;
}

/**
 * Keeps what is shared and leads to where it is sent from (303: a reload does not share again). `kept=no` says to the page that
 * this device could not keep it.
 */
export async function receiveShare(request: Request): Promise<Response> {
  const page = new URL(PLACE, request.url);
  try {
    await keepShare(shareOf(await request.formData()));
  } catch {
    page.searchParams.set('kept', 'no');
  }
  return Response.redirect(page.href, 303);
}

/** What a form holds, as the manifest names its fields. A link is often text as well, and a title its beginning. */
export function shareOf(form: FormData): Share {
  const said = ['title', 'text', 'url']
    .map(field => form.get(field))
    .map(value => (typeof value === 'string' ? value.trim().slice(0, LONGEST) : ''));
  const parts = said.filter(
    (part, at) => part !== '' && !said.some((other, i) => i !== at && holds(other, part, i < at)),
  );
  const files = form.getAll('files').filter(file => typeof file !== 'string' && file.size > 0);
  return {
    text: parts.join('\n').slice(0, LONGEST),
    files: files.slice(0, MOST_FILES).map(file => (typeof file === 'string' ? '' : file.name.slice(0, LONGEST_NAME))),
  };
}

/** Whether `other` says all that `part` does; of two that are alike the earlier one stays. */
const holds = (other: string, part: string, isEarlier: boolean): boolean =>
  other.includes(part) && (other !== part || isEarlier);
