import { causeOfLine, type LogCause } from './logCause';

export type LogLevel = 'error' | 'warning' | 'info';

/** A line of a log as it is shown. */
export interface ReadLine {
  readonly text: string;
  readonly level: LogLevel;
  /** What the line tells of, where it is known. */
  readonly cause?: LogCause;
}

const errors = /\b(?:ERROR|CRITICAL|FATAL|Fatal)\b|^\s*\w*(?:\.\w+)*(?:Error|Exception|Interrupt)(?::|$)|\[rank\d+\].*\bError\b|^Traceback \(most recent|^Killed$|Segmentation fault|core dumped/;
const warnings = /\bWARN(?:ING)?\b|\bwarn(?:ing)?:|Warning:|\bdeprecated\b/i;
/** Longer lines are cut: nobody reads them to their end in a list. */
const longest = 4000;

/** Reads the lines of one source in order: a traceback is one error from its first line to the exception's. */
export class LogLevels {
  private isInTraceback = false;

  read(line: string): ReadLine {
    const text = line.length > longest ? `${line.slice(0, longest)}…` : line;
    const cause = causeOfLine(text);
    const level = this.levelOf(text, cause);
    return cause ? { text, level, cause } : { text, level };
  }

  private levelOf(text: string, cause: LogCause | undefined): LogLevel {
    const bare = text.replace(/^(?:\(\w[^)]*pid=\d+[^)]*\)|\[rank\d+\]:)\s?/, ''); // what Ray and torchrun put before it
    if (bare.startsWith('Traceback (most recent')) this.isInTraceback = true;
    else if (this.isInTraceback && !/^\s/.test(bare)) {
      this.isInTraceback = false; // the exception itself
      return 'error';
    }
    if (this.isInTraceback) return 'error';
    if (cause) return cause.severity;
    return errors.test(bare) ? 'error' : warnings.test(bare) ? 'warning' : 'info';
  }
}
