import { readFile } from 'node:fs/promises';
import * as path from 'node:path';
import { Environment, Interpreter, parse, tokenize } from '@huggingface/jinja';
import { AppError, messageOf } from '../../core/errors';

/**
 * A project's prompt, rendered as the trainer renders it (trainer/pebr_trainer/prompt.py): the user's turn, `<image>` marks still in it.
 * One difference is left: a truth value that is printed itself is `true` here and `True` there.
 */
export interface PromptTemplate {
  /** Throws `argument.invalid` where the template names something that is not there. */
  render(problem: string, row: Readonly<Record<string, unknown>>): string;
}

/** Reads the Jinja file that `prompt` names; without one the problem is the prompt. Throws `argument.invalid`. */
export async function readPromptTemplate(folder: string, prompt: string | null): Promise<PromptTemplate> {
  if (prompt === null) return { render: problem => problem };
  const file = path.join(folder, prompt);
  try {
    return compilePrompt(await readFile(file, 'utf8'), file);
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('argument.invalid', { argument: file, reason: `the prompt cannot be read: ${messageOf(error)}` }, { cause: error });
  }
}

export function compilePrompt(source: string, file: string): PromptTemplate {
  const invalid = (error: unknown): AppError =>
    new AppError('argument.invalid', { argument: file, reason: `the prompt cannot be made: ${messageOf(error)} Use only \`content\` and \`sample\`.` }, { cause: error });
  try {
    // The trainer's Jinja keeps the blanks around blocks; this package's own default would not.
    const program = parse(tokenize(source.replace(/\r\n?/g, '\n'), { trim_blocks: false, lstrip_blocks: false }));
    return {
      render: (problem, row) => {
        try {
          const environment = new StrictEnvironment(source);
          environment.set('content', problem);
          environment.set('sample', row);
          return String(new Interpreter(environment).run(program).value);
        } catch (error) {
          throw invalid(error);
        }
      },
    };
  } catch (error) {
    throw invalid(error);
  }
}

/** As the trainer's sandbox has it. */
const longestRange = 100_000;

const builtIn = ['true', 'false', 'none', 'True', 'False', 'None'] as const;

/** A name that is not there is an error, as for the trainer, unless the template asks whether it is there. */
class StrictEnvironment extends Environment {
  constructor(private readonly source: string) {
    super();
    this.set('true', true);
    this.set('false', false);
    this.set('none', null);
    this.set('True', true);
    this.set('False', false);
    this.set('None', null);
    this.set('range', (from: number, to?: number, step = 1) => {
      const [first, end] = to === undefined ? [0, from] : [from, to];
      const length = Math.max(0, Math.ceil((end - first) / step));
      if (length > longestRange) throw new Error(`A range of ${length} is too long: ${longestRange} is the most.`);
      return Array.from({ length }, (_, index) => first + index * step);
    });
  }

  override lookupVariable(name: string): ReturnType<Environment['lookupVariable']> {
    const value = super.lookupVariable(name);
    const isAsked = new RegExp(`\\b${name}\\s+is\\s+(?:not\\s+)?defined`).test(this.source);
    if (value.type !== 'UndefinedValue' || isAsked || builtIn.some(known => known === name)) return value;
    throw new Error(`"${name}" is not defined.`);
  }
}
