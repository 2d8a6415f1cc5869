import { apiKey } from './memory.js';
import { askForKey } from './key.js';

/** Something went wrong that one line can say. `traceId` finds it in the logs. */
export class Problem extends Error {
  constructor(message, { status = 0, traceId = '' } = {}) {
    super(message);
    this.status = status;
    this.traceId = traceId;
  }

  /** Reads RFC 9457 problem details, already parsed. */
  static from(details, status = details.status ?? 0, retryAfter = null) {
    const said = details.detail || details.title || `The server answered ${status}.`;
    const wait = Number(retryAfter) > 0 ? ` Try again in ${Number(retryAfter)} s.` : '';
    return new Problem(said + wait, { status, traceId: details.traceId ?? '' });
  }
}

/** Sends one request below the page's own address, with the key when there is one. */
export async function send(path, options = {}) {
  const headers = new Headers(options.headers);
  const key = apiKey.get();
  if (key) headers.set('Authorization', `Bearer ${key}`);
  try {
    return await fetch(path, { ...options, headers, cache: 'no-store' });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Problem('Lucia cannot be reached. Check that it is running and that this device is on its network.');
  }
}

/**
 * Sends a request and answers with its response; a 401 asks for the key and sends it again.
 * Throws `Problem` for every status that is neither a success nor one of `expected`.
 */
export async function call(path, { expected = [], ...options } = {}) {
  let response = await send(path, options);
  while (response.status === 401) {
    if (!await askForKey(options.signal))
      throw new Problem('Lucia answers only with the API key.', { status: 401 });
    response = await send(path, options);
  }
  if (response.ok || expected.includes(response.status)) return response;
  throw await problemOf(response);
}

async function problemOf(response) {
  const retryAfter = response.headers.get('Retry-After');
  try {
    return Problem.from(await response.json(), response.status, retryAfter);
  } catch {
    // A proxy in between answers with a page of its own, which says nothing to a person.
    return Problem.from({ title: `The server answered ${response.status} ${response.statusText}`.trim() + '.' }, response.status, retryAfter);
  }
}
