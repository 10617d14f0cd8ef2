import { setTimeout as delay } from 'node:timers/promises';
import { AppError, messageOf } from '../../core/errors';

/** A server that speaks the OpenAI protocol. */
export interface Endpoint {
  /** Base such as `http://127.0.0.1:8000/v1`; the whole address of /chat/completions is understood too. */
  readonly url: string;
  /** null: the first that `/models` names. */
  readonly model: string | null;
  /** Sent as a bearer token to this address and nowhere else; never part of a message. */
  readonly key?: string;
  /** Requests at a time; 4. */
  readonly concurrency?: number;
  /** For one request; two minutes. */
  readonly timeoutMs?: number;
}

/** The server did not take this request; another one may do better. */
export class RefusedRequest extends Error {}

const mostWaitSeconds = 30;
const attempts = 4;

/** Asks one path below the endpoint's address. Throws `endpoint.failed`, `RefusedRequest` for a request that is at fault, or what the signal says. */
export class EndpointClient {
  private readonly base: URL;

  /** Throws `argument.invalid` for an address that cannot be one. */
  constructor(private readonly endpoint: Omit<Endpoint, 'model'>) {
    this.base = baseOf(endpoint.url);
  }

  async ask(path: string, body: unknown, signal: AbortSignal | undefined): Promise<Readonly<Record<string, unknown>>> {
    for (let attempt = 1; ; attempt++) {
      const { status, headers, text } = await this.send(path, body, signal);
      if (status >= 200 && status < 300) return this.parse(text);
      const said = this.messageIn(text);
      const wait = Math.max(0, Number(headers.get('retry-after') ?? (status === 429 ? 1 : 0)) || 0);
      const isPassing = status === 429 || status === 503 || status === 502;
      if (isPassing && attempt < attempts && wait <= mostWaitSeconds) {
        await delay(Math.max(wait, 0.2 * attempt) * 1000, undefined, signal ? { signal } : {});
        continue;
      }
      if (status === 400 || status === 413 || status === 422) throw new RefusedRequest(`the endpoint refused it (${status})${said}`);
      throw this.failed(`It answered ${status}${said}.`, remedyOf(status, wait), undefined, status);
    }
  }

  private async send(path: string, body: unknown, signal: AbortSignal | undefined): Promise<{ status: number; headers: Headers; text: string }> {
    const { key, timeoutMs = 120_000 } = this.endpoint;
    const late = AbortSignal.timeout(timeoutMs);
    try {
      const response = await fetch(this.addressOf(path), {
        method: body === undefined ? 'GET' : 'POST',
        headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...(key ? { authorization: `Bearer ${key}` } : {}) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        redirect: 'error', // nothing is sent to an address that nobody chose
        signal: signal ? AbortSignal.any([signal, late]) : late,
      });
      return { status: response.status, headers: response.headers, text: await response.text() };
    } catch (error) {
      signal?.throwIfAborted();
      if (late.aborted) throw this.failed(`It gave no answer within ${timeoutMs / 1000} s.`, 'Ask for fewer or shorter responses at once, or see whether the server is busy.', error);
      throw this.failed(this.hidden(reasonOf(error)), unreachable(error), error);
    }
  }

  private addressOf(path: string): URL {
    const address = new URL(this.base);
    address.pathname = `${address.pathname.replace(/\/+$/, '')}${path}`;
    return address;
  }

  private parse(text: string): Readonly<Record<string, unknown>> {
    try {
      const value: unknown = JSON.parse(text);
      if (typeof value === 'object' && value !== null) return value as Readonly<Record<string, unknown>>;
    } catch {
      // told below
    }
    throw this.failed(`Its answer is no JSON: ${JSON.stringify(this.hidden(text.slice(0, 120)))}.`, 'Check that the address is that of an OpenAI-compatible server, such as http://127.0.0.1:8000/v1.');
  }

  private messageIn(text: string): string {
    let said: unknown = text;
    try {
      const { error, message, detail } = JSON.parse(text) as { error?: { message?: unknown } | string; message?: unknown; detail?: unknown };
      said = (typeof error === 'object' ? error?.message : error) ?? message ?? detail ?? text;
    } catch {
      // not JSON: the text itself says it
    }
    const words = (typeof said === 'string' ? said : JSON.stringify(said)).replace(/\s+/g, ' ').trim().slice(0, 300);
    return words === '' ? '' : `: ${this.hidden(words)}`;
  }

  /** A server may repeat what it was sent; the key is not shown for that. */
  private hidden(text: string): string {
    return this.endpoint.key ? text.replaceAll(this.endpoint.key, '…') : text;
  }

  failed(reason: string, remedy: string, cause?: unknown, status?: number): AppError<'endpoint.failed'> {
    return new AppError('endpoint.failed', { url: `${this.base.origin}${this.base.pathname}`, reason, remedy, ...(status !== undefined && { status }) }, { cause });
  }
}

function baseOf(given: string): URL {
  const invalid = (reason: string): AppError => new AppError('argument.invalid', { argument: 'endpoint', reason });
  let url: URL;
  try {
    url = new URL(given.trim());
  } catch {
    throw invalid(`"${given}" is no address. Write one such as http://127.0.0.1:8000/v1.`);
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw invalid(`"${url.protocol}" is not http: or https:.`);
  if (url.username || url.password) throw invalid('The address holds a name or a password. Give a key instead.');
  url.pathname = url.pathname.replace(/\/chat\/completions\/?$/, '').replace(/\/+$/, '') || '/';
  url.hash = '';
  return url;
}

function remedyOf(status: number, wait: number): string {
  if (status === 401 || status === 403) return 'Give the key that this server asks for.';
  if (status === 404) return 'Check the address (it usually ends in /v1) and the name of the model.';
  if (status === 429) return wait > 0 ? `Try again in ${wait} s, or ask for fewer responses.` : 'Try again later, or ask for fewer responses.';
  return 'Look at the log of the server.';
}

function reasonOf(error: unknown): string {
  const { cause } = error as { cause?: { code?: string; message?: string } };
  if (cause?.code === 'ECONNREFUSED') return 'Nothing listens there: the connection was refused.';
  if (cause?.code === 'ENOTFOUND' || cause?.code === 'EAI_AGAIN') return 'There is no such host.';
  if (cause?.message?.includes('redirect')) return 'It sends requests on to another address.';
  return `It cannot be reached: ${cause?.message ?? messageOf(error)}.`;
}

function unreachable(error: unknown): string {
  const { cause } = error as { cause?: { message?: string } };
  return cause?.message?.includes('redirect') ? 'Give the final address.' : 'Start the server, or check the address.';
}
