import { WorkerFailure } from '../protocol';

/** Code in a namespace, but for types: what the transpiler would drop without a word. */
const namespace = /^([ \t]*(?:export[ \t]+)?)(?:namespace|module)[ \t]+[\w$.]+\s*\{/gm;
const code = /\b(?:const|let|var|function|class|enum)\b/;

/** Throws a `WorkerFailure` where a namespace with code in it is gone from what was transpiled, which has the same lines. Types in a namespace are no code. */
export function refuseNamespaces(file: string, source: string, transpiled: string): void {
  for (const found of source.matchAll(namespace)) {
    const from = found.index + found[0].length;
    const line = source.slice(0, from).split('\n').length;
    const isKept = /\b(?:namespace|module)[ \t]/.test(transpiled.split('\n')[line - 1] ?? ''); // in a comment or a text
    if (isKept || !code.test(source.slice(from, endOfBlock(source, from)))) continue;
    throw new WorkerFailure({
      message: 'A reward file may not have a namespace with code in it: it cannot be read line by line.',
      file,
      line,
      column: (found[1] ?? '').length + 1,
      remedy: 'Write an object (const name = { … }), or put the code into a file of its own and import that.',
    });
  }
}

function endOfBlock(source: string, from: number): number {
  let depth = 1;
  for (let at = from; at < source.length; at++) {
    if (source[at] === '{') depth++;
    else if (source[at] === '}' && --depth === 0) return at;
  }
  return source.length;
}
