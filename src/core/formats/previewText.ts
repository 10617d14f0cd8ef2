import { exactJson } from '../dataset/longNumber';
import { factsOf } from './foreignFrame';
import { frameChoices, type ImportPreview, type MappedField } from './importPreview';

/** The preview for a terminal. */
export function previewAsText(preview: ImportPreview): string {
  const { title, container, reason, mapping, rows, isWhole, frame, images, keptFields } = preview;
  const width = Math.max(...mapping.map(each => each.field.length));
  return [
    `${preview.input}`,
    `  ${title}, ${container}: ${reason}.${preview.others.length > 0 ? ` Could also be read as ${preview.others.join(', ')} (--format).` : ''}`,
    `  ${isWhole ? 'All' : 'The first'} ${rows} rows were looked at.`,
    '',
    'Fields',
    ...mapping.map(each => `  ${each.field.padEnd(width)}  ${sourcesInWords(each, rows)}`),
    ...(keptFields.length > 0 ? [`  kept as they are: ${keptFields.slice(0, 20).join(', ')}${keptFields.length > 20 ? ', …' : ''}`] : []),
    ...(preview.addedMarks > 0 ? [`  ${preview.addedMarks} questions have no <image>: one is put before each, for every image`] : []),
    '',
    `Boxes: ${frameInWords(preview)}`,
    `  ${frame.why}`,
    ...frameChoices(frame).filter(() => frame.by === 'undecided').map(({ frame: name, words, isPossible }) => `  ${isPossible ? '?' : ' '} --frame ${name.padEnd(16)} ${factsOf(name).words}: ${words}`),
    '',
    `Images: ${imagesInWords(preview)}`,
    ...images.missing.map(name => `  not there: ${name}`),
    '',
    'First rows as they are written',
    ...preview.firstRows.slice(0, 3).map(row => `  ${shortened(exactJson(row), 400)}`),
    ...(preview.counts.length > 0 ? ['', 'Problems', ...preview.counts.map(({ severity, count, rule }) => `  ${severity.padEnd(7)} ${String(count).padStart(6)}  ${rule}`)] : []),
  ].join('\n');
}

/** An image with boxes drawn on it. */
export interface PreviewPicture {
  readonly caption: string;
  /** A `data:` URL. */
  readonly source: string;
}

/** The preview as Markdown, for the editor. What a person must decide stands first. */
export function previewAsMarkdown(preview: ImportPreview, pictures: readonly PreviewPicture[] = []): string {
  const { title, container, reason, rows, isWhole, frame, problems } = preview;
  const name = preview.input.split(/[\\/]/).at(-1) ?? preview.input;
  const sections = frame.by === 'undecided' ? [boxes(preview, pictures), fields(preview)] : [fields(preview), boxes(preview, pictures)];
  return [
    `# Import ${escaped(name)}`, '',
    `**${escaped(title)}** · ${escaped(container)} · ${isWhole ? `${rows} rows` : `the first ${rows} rows`}`, '',
    `Read so because ${escaped(reason)}.`, '',
    ...sections.flat(), ...images(preview),
    '## First rows as they are written', '', '```json', ...preview.firstRows.map(row => shortened(exactJson(row), 1500).replaceAll('```', '` ` `')), '```', '',
    ...(problems.length > 0 ? ['## Problems', '', '| | where | what | what then |', '| :-- | :-- | :-- | :-- |', ...problems.slice(0, 40).map(({ severity, file, line, message, remedy }) => `| ${severity} | ${escaped(file.split(/[\\/]/).at(-1) ?? '')}${line === undefined ? '' : `:${line}`} | ${escaped(message)} | ${escaped(remedy)} |`), ''] : []),
    ...preview.counts.filter(({ count }) => count > 20).map(({ rule, count }) => `- ${count} × \`${rule}\``),
  ].join('\n');
}

function fields({ mapping, rows, keptFields, addedMarks }: ImportPreview): readonly string[] {
  const from = ({ field, filled, sources }: MappedField): string => {
    if (filled === 0) return field === 'qid' ? made : '*nothing*';
    return sources.slice(0, 3).map(({ source, count }) => `${code(source)}${sources.length > 1 ? ` (${count})` : ''}`).join(', ');
  };
  return [
    '## Fields', '', '| here | from theirs | rows |', '| :-- | :-- | --: |',
    ...mapping.map(each => `| \`${each.field}\` | ${from(each)} | ${each.filled === 0 && each.field === 'qid' ? rows : each.filled} of ${rows} |`), '',
    ...(keptFields.length > 0 ? [`Kept as they are: ${keptFields.slice(0, 30).map(code).join(', ')}`, ''] : []),
    ...(addedMarks > 0 ? [`${addedMarks} questions have no \`<image>\`: one is put before each, for every image.`, ''] : []),
  ];
}

function boxes(preview: ImportPreview, pictures: readonly PreviewPicture[]): readonly string[] {
  const { frame } = preview;
  const choices = frameChoices(frame).map(({ frame: each, words, isPossible }) => `| ${isPossible ? '✓' : '✗'} \`${each}\` | ${factsOf(each).words} | ${escaped(words)} |`);
  return [
    '## Boxes', '', `**${escaped(frameInWords(preview))}**`, '', escaped(frame.why), '',
    ...(pictures.length > 0 ? [`| ${pictures.map(({ caption }) => escaped(caption)).join(' | ')} |`, `|${' :-- |'.repeat(pictures.length)}`, `| ${pictures.map(({ caption, source }) => `![${escaped(caption)}](${source})`).join(' | ')} |`, ''] : []),
    ...(choices.length > 0 ? ['| frame | means | on these images |', '| :-- | :-- | :-- |', ...choices, ''] : []),
  ];
}

function images(preview: ImportPreview): readonly string[] {
  return ['## Images', '', escaped(imagesInWords(preview)), '', ...preview.images.missing.map(each => `- not there: ${code(each)}`), ''];
}

export function frameInWords({ frame, written }: Pick<ImportPreview, 'frame' | 'written'>): string {
  if (frame.by === 'nothing') return 'none';
  if (frame.frame === undefined) return `${frame.boxes}, in a frame that you must say`;
  const told = frame.by === 'data' ? 'each box says its frame' : `${frame.frame}, ${factsOf(frame.frame).words}`;
  return `${frame.boxes}, ${told}; written as ${written ?? frame.frame}`;
}

function imagesInWords({ images }: ImportPreview): string {
  if (images.embedded > 0) return `${images.embedded} are in the data and are written into a folder beside the dataset`;
  if (images.of === 0) return 'none';
  return images.found === 0 ? `none of the ${images.of} looked for is there under ${images.root}. Name their folder with --images.` : `${images.found} of ${images.of} looked for are under ${images.root}${images.prefix === undefined ? '' : `, without the "${images.prefix}" that their names begin with`}`;
}

function sourcesInWords({ field, sources, filled }: MappedField, rows: number): string {
  if (filled === 0) return field === 'qid' ? made : '–';
  const words = sources.slice(0, 3).map(({ source, count }) => (sources.length > 1 ? `${source} (${count})` : source)).join(', ');
  return `← ${words}${filled < rows ? `, in ${filled} of ${rows} rows` : ''}`;
}

const made = 'made from the name of the file and the number of the row';

function shortened(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

function code(text: string): string {
  return `\`${text.replaceAll('`', "'").replaceAll('|', '\\|').replaceAll('\n', ' ')}\``;
}

/** Text of data in Markdown: nothing in it is markup. */
function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|~!&]/g, found => `&#${found.charCodeAt(0)};`).replaceAll('\n', ' ');
}
