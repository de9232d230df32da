import type { Page } from 'playwright-core';

/** What no page may ever say: an error nobody caught, or something its own content security policy forbade. */
export interface Complaints {
  readonly all: string[];
}

/** Resources that fail while a test has the server stopped, or its certificate not trusted, are what the test is about. */
const EXPECTED =
  /Failed to load resource|net::ERR_|WebSocket connection to|An (SSL certificate|unknown) error occurred when fetching the script/;

export function watchPage(page: Page): Complaints {
  const all: string[] = [];
  page.on('pageerror', error => all.push(`uncaught: ${error.message}`));
  page.on('console', message => {
    const text = message.text();
    if (/Content Security Policy/i.test(text)) all.push(`policy: ${text}`);
    else if (message.type() === 'error' && !EXPECTED.test(text)) all.push(`error: ${text}`);
  });
  return { all };
}
