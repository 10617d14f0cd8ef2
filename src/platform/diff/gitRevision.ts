import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, open, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AppError, messageOf } from '../../core/errors';

/** A commit that touched a file. */
export interface FileRevision {
  /** Full id. */
  readonly commit: string;
  readonly subject: string;
  readonly author: string;
  /** Seconds since 1970. */
  readonly time: number;
  /** The file's path in that commit, from the top of the repository: it may have had another name. */
  readonly path: string;
}

/** A file as a commit has it, on disk for as long as it is looked at. */
export interface RevisionFile {
  readonly file: string;
  remove(): Promise<void>;
}

const mostRevisions = 100;

/** The last commits that touched a file, newest first; its former names are followed. Throws `argument.invalid` where it is in no repository. `git` is the program. */
export async function fileRevisions(git: string, file: string): Promise<readonly FileRevision[]> {
  const { folder, name } = await placeOf(file);
  const out = await run(git, folder, ['log', '--follow', `--max-count=${mostRevisions}`, '--format=%x01%H%x02%s%x02%an%x02%ct', '--name-only', '-z', '--', name]);
  return out.split('\x01').slice(1).flatMap(text => {
    const [head = '', ...names] = text.split('\0').map(part => part.replace(/^\n/, ''));
    const [commit = '', subject = '', author = '', time = ''] = head.split('\x02');
    const named = names.find(each => each !== '');
    return named === undefined ? [] : [{ commit, subject, author, time: Number(time), path: named }];
  });
}

/** The full id of the commit that a revision names (`HEAD~3`, a branch, a tag, a short id). Throws `argument.invalid`. */
export async function resolveRevision(git: string, file: string, revision: string): Promise<string> {
  const { folder } = await placeOf(file);
  try {
    return (await run(git, folder, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`])).trim();
  } catch (error) {
    if (AppError.is(error, 'argument.invalid') && /no Git repository|cannot be started/.test(error.details.reason)) throw error;
    throw new AppError('argument.invalid', { argument: revision, reason: 'there is no such commit, branch or tag in this repository.' }, { cause: error });
  }
}

/** Writes a file as a commit has it into a folder of its own. `inCommit`: its path there, from the top; the same as now where absent. Throws `argument.invalid`. */
export async function writeRevision(git: string, file: string, commit: string, inCommit?: string, signal?: AbortSignal): Promise<RevisionFile> {
  const { folder, name } = await placeOf(file);
  const temporary = await mkdtemp(path.join(tmpdir(), 'pebr-diff-'));
  const remove = (): Promise<void> => rm(temporary, { recursive: true, force: true });
  const written = path.join(temporary, path.basename(file));
  try {
    const child = spawn(git, ['cat-file', 'blob', `${commit}:${inCommit ?? `./${name}`}`], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], env: environment(), signal });
    const [errors] = await Promise.all([errorsOf(child), pipeline(child.stdout, createWriteStream(written))]);
    if (errors !== undefined) throw new AppError('argument.invalid', { argument: name, reason: `the commit ${commit.slice(0, 10)} does not have it (${errors}).` });
    await refusePointer(written, name, commit);
    return { file: written, remove };
  } catch (error) {
    await remove();
    throw signal?.aborted ? signal.reason : error;
  }
}

/** Git LFS keeps the rows elsewhere: what the commit holds says only where. */
async function refusePointer(file: string, name: string, commit: string): Promise<void> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(64), 0, 64, 0);
    if (!buffer.toString('latin1', 0, bytesRead).startsWith('version https://git-lfs')) return;
    throw new AppError('argument.invalid', { argument: name, reason: `in the commit ${commit.slice(0, 10)} it is stored by Git LFS, which is not read here. Check that revision out into another folder and compare the two files.` });
  } finally {
    await handle.close();
  }
}

async function placeOf(file: string): Promise<{ readonly folder: string; readonly name: string }> {
  const real = await realpath(path.dirname(file)).catch(() => path.dirname(file));
  return { folder: real, name: path.basename(file) };
}

async function run(git: string, cwd: string, args: readonly string[]): Promise<string> {
  const child = spawn(git, ['-c', 'core.quotePath=off', ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'], env: environment() });
  const pieces: Buffer[] = [];
  child.stdout.on('data', (piece: Buffer) => pieces.push(piece));
  const errors = await errorsOf(child);
  if (errors !== undefined) throw new AppError('argument.invalid', { argument: cwd, reason: /not a git repository/i.test(errors) ? 'the file is in no Git repository, so it has no earlier revisions.' : `Git says: ${errors}` });
  return Buffer.concat(pieces).toString('utf8');
}

/** What Git said when it failed; undefined where it did not. Its output may not have been read to the end by then. */
function errorsOf(child: ChildProcess): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr?.on('data', (piece: Buffer) => {
      if (said.length < 4000) said += piece.toString('utf8');
    });
    child.on('error', error => reject(new AppError('argument.invalid', { argument: 'git', reason: `Git cannot be started: ${messageOf(error)}. Install it, or set "git.path".` }, { cause: error })));
    child.on('close', code => resolve(code === 0 ? undefined : said.trim().split('\n', 1)[0] || `it ended with code ${code ?? 'none'}`));
  });
}

/** No prompts, no pager, English. */
function environment(): NodeJS.ProcessEnv {
  return { ...process.env, GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' };
}
