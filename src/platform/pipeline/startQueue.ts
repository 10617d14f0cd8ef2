import { spawn } from 'node:child_process';
import { mkdir, open } from 'node:fs/promises';
import * as path from 'node:path';
import { AppError, messageOf } from '../../core/errors';

/** Starts `pebr train --queue` in a process group of its own, its output in `.pebr/queue.log`: it does not end when we do. Returns its pid. */
export async function startQueue({ cli, queueFile, python }: { readonly cli: string; readonly queueFile: string; readonly python: string }): Promise<number> {
  const logFile = path.join(path.dirname(queueFile), 'queue.log');
  await mkdir(path.dirname(queueFile), { recursive: true });
  const log = await open(logFile, 'a');
  try {
    // This very Node, or Electron as Node.
    const environment = Object.entries(process.env).filter(([name]) => !/^(VSCODE_|NODE_OPTIONS$|ELECTRON_)/.test(name));
    const child = spawn(process.execPath, [cli, 'train', '--queue', queueFile, '--python', python], {
      cwd: path.dirname(path.dirname(queueFile)), detached: true, windowsHide: true, stdio: ['ignore', log.fd, log.fd], env: { ...Object.fromEntries(environment), ELECTRON_RUN_AS_NODE: '1' },
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', error => reject(new AppError('file.unwritable', { file: logFile, reason: messageOf(error) }, { cause: error })));
    });
    child.unref();
    return child.pid ?? 0;
  } finally {
    await log.close(); // the child has its own
  }
}
