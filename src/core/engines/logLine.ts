/** A line as a person sees it, and the process that wrote it where a launcher says so. */
export interface LogLine {
  /** `Runner pid=123, ip=10.0.0.2`; '' where nobody says. */
  readonly worker: string;
  readonly text: string;
}

const longest = 200_000;
// Escape sequences are what is looked for
const escapes = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-_])/g;
/** `(main_task pid=123)`, `(WorkerDict pid=1, ip=10.0.0.2)`, `(_TrainWorker(rank=0) pid=7)`, `[rank0]:`. */
const prefix = /^\s*(?:\(((?:[\w.:/-]|\([^()]*\))+ pid=\d+(?:, ip=[\w.:]+)?)\)|\[(rank ?\d+)\]:?) ?/;
/** What whoever gathers the output of many processes puts before a line: torchrun `[default0]:`, srun `0: `, pdsh `worker-0: `, compose `trainer-1  | `, a container's time. Only before what is read as metrics. */
const gathered = /^(?:\[[a-z_]{1,40}(\d{1,6})\]: ?|(\d{1,6}): |[\w.-]{1,80}(?:: | +\| )|\d{4}-\d\d-\d\dT[\d:.]{8,20}(?:Z|[+-]\d\d:\d\d) (?:std(?:out|err) [FP] )?)(?=\{['"]|step:\d|\[rank|\(|\s*\d{1,3}%\|)/;
const repeated = / ?\[repeated \d+x across (?:cluster|actors)\].*$/;

/** What a terminal would show of a line: escape sequences gone, a progress bar's later states after its earlier ones, prefixes taken off. */
export function cleanLine(line: string): readonly LogLine[] {
  const shown = line.slice(0, longest).replace(escapes, '');
  return shown.split('\r').flatMap(behindBar).filter((part, _, parts) => part !== '' || parts.length === 1).map(part => withoutPrefix(part));
}

/** A progress bar ends without a line end: what another stream prints next stands right behind it. */
function behindBar(part: string): readonly string[] {
  const bar = /^.{0,200}?\d{1,3}%\|[^|]{0,200}\| \d{1,9}\/\d{1,9} \[[^\]]{0,200}\]/.exec(part)?.[0];
  return bar === undefined || bar.length === part.length ? [part] : [bar, part.slice(bar.length).trimStart()];
}

/** Launchers put their prefixes before each other: the innermost process wrote the line. */
function withoutPrefix(text: string): LogLine {
  const [outer = '', role, task] = gathered.exec(text) ?? [];
  const rank = role ?? task;
  let worker = rank === undefined ? '' : `rank${rank}`;
  let rest = text.slice(outer.length);
  for (let match = prefix.exec(rest); match; match = prefix.exec(rest)) {
    worker = match[1] ?? match[2] ?? '';
    rest = rest.slice(match[0].length);
  }
  return { worker, text: worker === '' ? rest : rest.replace(repeated, '') };
}
