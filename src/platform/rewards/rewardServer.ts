import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AppError } from '../../core/errors';
import { errorInWords } from '../../core/errorWords';
import type { ScoreItem } from '../../core/rewards/score';
import type { ScoreResult } from './protocol';

export interface RewardServerOptions {
  readonly token: string;
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  readonly score: (items: readonly ScoreItem[]) => Promise<ScoreResult>;
  readonly maxBytes?: number;
  /** In which a request must have arrived. */
  readonly requestMs?: number;
}

const mostItems = 10_000;

/** An answer other than 200, with the reason. */
class Refusal extends Error {
  constructor(readonly status: number, message: string) {
    super(message);
  }
}

/** `POST /score` for trainers on other machines: a bearer token, JSON in, JSON out, and nothing else. No page in a browser may ask it. */
export class RewardServer {
  private readonly server: Server;
  private readonly token: Buffer;
  private readonly maxBytes: number;

  constructor(private readonly options: RewardServerOptions) {
    this.token = digest(options.token);
    this.maxBytes = options.maxBytes ?? 64 * 2 ** 20;
    const requestTimeout = options.requestMs ?? 60_000;
    const limits = { requestTimeout, headersTimeout: Math.min(10_000, requestTimeout), connectionsCheckingInterval: 500 };
    this.server = createServer(limits, (request, response) => void this.answer(request, response));
    this.server.maxHeadersCount = 50;
  }

  /** The port. */
  listen(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(this.options.port, this.options.host, () => resolve((this.server.address() as AddressInfo).port));
    });
  }

  /** Takes no more requests and waits for those that run. */
  close(): Promise<void> {
    return new Promise(resolve => {
      this.server.close(() => resolve());
      this.server.closeIdleConnections();
    });
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      this.check(request);
      const items = itemsOf(await this.body(request));
      const { scores, rewardHash } = await this.options.score(items);
      send(response, 200, { scores, rewardHash });
    } catch (error) {
      const status = error instanceof Refusal ? error.status : AppError.is(error, 'reward.workerLost') ? 503 : 500;
      // What was not read of a refused body must not be taken for the next request.
      response.setHeader('Connection', 'close');
      send(response, status, { error: error instanceof Error ? (AppError.is(error, 'reward.failed') || AppError.is(error, 'reward.workerLost') ? errorInWords(error) : error.message) : String(error) });
      if (!request.complete) response.once('finish', () => request.destroy());
    }
  }

  private check(request: IncomingMessage): void {
    const { authorization = '', origin } = request.headers;
    if (origin !== undefined) throw new Refusal(403, 'Browsers are not served.');
    if (!timingSafeEqual(digest(authorization.replace(/^Bearer /, '')), this.token) || !authorization.startsWith('Bearer ')) throw new Refusal(401, 'The token is missing or wrong.');
    if (request.url !== '/score') throw new Refusal(404, 'There is only POST /score.');
    if (request.method !== 'POST') throw new Refusal(405, 'There is only POST /score.');
    if (!/^application\/json\b/.test(request.headers['content-type'] ?? '')) throw new Refusal(415, 'The body must be application/json.');
    if (Number(request.headers['content-length'] ?? 0) > this.maxBytes) throw new Refusal(413, `The body is larger than ${this.maxBytes} bytes.`);
  }

  private async body(request: IncomingMessage): Promise<unknown> {
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > this.maxBytes) throw new Refusal(413, `The body is larger than ${this.maxBytes} bytes.`);
      chunks.push(chunk);
    }
    try {
      return JSON.parse(Buffer.concat(chunks).toString('utf8'));
    } catch {
      throw new Refusal(400, 'The body is no JSON.');
    }
  }
}

function itemsOf(body: unknown): readonly ScoreItem[] {
  const items = typeof body === 'object' && body !== null ? (body as { items?: unknown }).items : undefined;
  if (!Array.isArray(items)) throw new Refusal(400, 'The body must be {"items": [{"response", "tokens"?, "sample"}]}.');
  if (items.length > mostItems) throw new Refusal(413, `${items.length} items are more than ${mostItems}.`);
  const wrong = items.findIndex((item: Partial<ScoreItem> | null) => typeof item?.response !== 'string' || typeof item.sample !== 'object' || item.sample === null);
  if (wrong !== -1) throw new Refusal(400, `Item ${wrong} has no "response" text or no "sample".`);
  return items as readonly ScoreItem[];
}

function send(response: ServerResponse, status: number, body: object): void {
  if (response.destroyed) return;
  response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' });
  response.end(`${JSON.stringify(body)}\n`);
}

/** Of one length, so that comparing takes the same time whatever was sent. */
function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
