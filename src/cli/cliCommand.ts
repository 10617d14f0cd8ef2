import type { ParseArgsConfig } from 'node:util';

/** A subcommand: its options, its help and what it does. The number is the exit code. */
export interface CliCommand {
  readonly usage: string;
  readonly options: NonNullable<ParseArgsConfig['options']>;
  /** The options that arguments without a name mean, in their order. */
  readonly positional?: string | readonly string[];
  run(values: Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>): Promise<number>;
}
