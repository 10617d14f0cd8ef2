import { connect } from 'node:net';
import { messageOf } from '../../core/errors';
import { type LaunchCheck, passed } from '../../core/launch/launchCheck';

const patienceMs = 5000;

/** Whether a Ray cluster answers at the address that a run is submitted to: something else may hold the port, or nothing. `http://HEAD:8265` takes jobs, `ray://HEAD:10001` clients. */
export async function checkCluster(address: string, signal?: AbortSignal): Promise<LaunchCheck> {
  const [id, title] = ['cluster', 'Cluster'];
  const remedy = 'Start Ray there (`ray start --head`), end what holds its port, or correct the address: jobs are taken at http://HEAD:8265.';
  try {
    const version = address.startsWith('ray:') ? await reached(address) : await versionAt(address, signal);
    return passed(id, title, `${address} answers${version === '' ? '' : `: Ray ${version}`}.`);
  } catch (error) {
    signal?.throwIfAborted();
    return { id, title, state: 'error', message: `${address}: ${reasonOf(error)}.`, remedy };
  }
}

/** Ray's own version; '' where the cluster wants a token first. */
async function versionAt(address: string, signal?: AbortSignal): Promise<string> {
  const deadline = AbortSignal.timeout(patienceMs);
  const answer = await fetch(`${address.replace(/\/$/, '')}/api/version`, { signal: signal ? AbortSignal.any([signal, deadline]) : deadline, redirect: 'manual' });
  if (answer.status === 401 || answer.status === 403) return '';
  const told = answer.ok ? ((await answer.json().catch(() => null)) as { ray_version?: unknown } | null) : null;
  if (typeof told?.ray_version !== 'string') throw new Error(`what answers there is no Ray (status ${answer.status}, no version)`);
  return told.ray_version.slice(0, 40);
}

function reached(address: string): Promise<string> {
  const { hostname, port } = new URL(address.replace(/^ray:/, 'http:'));
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port) || 10_001, timeout: patienceMs });
    const end = (error?: Error): void => {
      socket.destroy();
      if (error) reject(error);
      else resolve('');
    };
    socket.once('connect', () => end());
    socket.once('timeout', () => end(new Error('it does not answer')));
    socket.once('error', end);
  });
}

function reasonOf(error: unknown): string {
  const cause = (error as { cause?: { code?: string } }).cause ?? (error as { code?: string });
  if (error instanceof Error && error.name === 'TimeoutError') return 'it does not answer';
  if (cause.code === 'ECONNREFUSED') return 'nothing listens there';
  if (cause.code === 'ENOTFOUND' || cause.code === 'EAI_AGAIN') return 'there is no machine of that name';
  return messageOf(error instanceof TypeError && error.cause ? error.cause : error).replace(/\.$/, '');
}
