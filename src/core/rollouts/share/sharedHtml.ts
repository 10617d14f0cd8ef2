import type { Rollout } from '../rollout';
import { isRight, summarize } from '../rolloutGroup';
import { boxesSvg, signMark, signOf } from './boxesSvg';
import { escapeHtml } from './escapeHtml';
import { markedResponse } from './markedResponse';
import { placeInWords, selectionInWords, type SharedGroup, type SharedHead } from './sharedGroup';

/** The page before its groups. It loads nothing, runs nothing, and follows the reader's light or dark. */
export function htmlStart(head: SharedHead): string {
  const title = escapeHtml(`Rollouts of ${head.run}`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<header><h1>${title}</h1><p class="dim">${escapeHtml(selectionInWords(head))} · ${escapeHtml(head.date)} · PeBR Studio</p>
<p class="dim legend"><span class="gold">■</span> gold · <span class="good">▲</span> above the mean of the group · <span class="bad">▼</span> below · <mark class="ok">counts</mark> <mark class="missed">does not</mark> <mark class="seen">looked at</mark></p></header>
<main>
`;
}

export const htmlEnd = '</main>\n</body>\n</html>\n';

/** One group: its sample with the picture and all boxes, then the responses. */
export function htmlGroup({ rollouts, sample, missing, image, predicted }: SharedGroup): string {
  const [first] = rollouts;
  const { mean, std, spread } = summarize(rollouts);
  const facts = mean === null ? 'no response was scored' : `mean ${mean.toFixed(3)}${std === null ? '' : ` ± ${std.toFixed(3)}`}${spread === 'zero' ? ' · zero-std: teaches nothing' : spread === 'near-zero' ? ' · near-zero std' : spread === 'dropped' ? ' · zero-std, dropped by dynamic sampling' : ''}`;
  const drawn = rollouts.map((rollout, at) => ({ number: rollout.index + 1, sign: signOf(rollout.advantage), boxes: predicted[at]?.boxes ?? [] }));
  const svg = image ? boxesSvg(image.size, sample?.boxes ?? [], drawn, ' class="boxes" role="img" aria-label="Gold and predicted boxes"') : '';
  const picture = image ? `<figure><img alt="" src="${escapeHtml(image.src)}" width="${image.size.width}" height="${image.size.height}">${svg}</figure>` : '';
  return `<article>
<h2>${placeInWords(first).map(escapeHtml).join(' · ')}</h2>
<p class="dim">${escapeHtml(facts)} · ${rollouts.length} ${rollouts.length === 1 ? 'response' : 'responses'} · ${escapeHtml(first.group)}</p>
${missing === undefined ? '' : `<p class="bad">${escapeHtml(missing)}</p>\n`}<div class="sample">${picture}${sample ? `<dl><dt>Problem</dt><dd class="text">${escapeHtml(sample.problem.replaceAll('<image>', '').trim())}</dd><dt>Answer</dt><dd class="text">${escapeHtml(sample.answer) || 'none'}</dd>${
    sample.key_words.length === 0 ? '' : `<dt>Key words</dt><dd>${sample.key_words.map(word => `<span class="word">${escapeHtml(word)}</span>`).join(' ')}</dd>`}</dl>` : ''}</div>
<div class="responses">
${rollouts.map(htmlResponse).join('\n')}
</div>
</article>
`;
}

function htmlResponse(rollout: Rollout): string {
  const { index, overall, advantage, components, tokens, finish, response, evidence, error } = rollout;
  const right = isRight(rollout);
  const sign = signOf(advantage);
  const facts = [right === null ? '' : right ? '✓ right' : '✗ wrong', advantage === null ? '' : `advantage ${advantage.toFixed(2)}`, tokens > 0 ? `${tokens} tokens` : '', finish === 'length' ? 'cut off' : ''].filter(Boolean);
  const notes = evidence.filter(({ note, start }) => note !== undefined && start === undefined).map(({ component, note = '' }) => `<li>${escapeHtml(`${component}: ${note}`)}</li>`).join('');
  return `<section class="response ${sign}"><h3><span class="${sign}">${signMark(sign)}${index + 1}</span> <b>${overall === null ? 'no score' : overall.toFixed(3)}</b> <span class="dim">${escapeHtml(facts.join(' · '))}</span></h3>${
    error ? `<p class="bad">The reward failed: ${escapeHtml(error.message)}</p>` : ''}<dl class="bars">${Object.entries(components).map(([name, value]) => bar(name, value)).join('')}</dl>${markedResponse(response, evidence)}${notes === '' ? '' : `<ul class="notes">${notes}</ul>`}</section>`;
}

/** Components lie between -1 and 1 as a rule; one that is larger fills its track. */
function bar(name: string, value: number | null): string {
  const width = value === null ? 0 : Math.round(100 * Math.min(1, Math.abs(value)));
  return `<div><dt>${escapeHtml(name)}</dt><dd><span class="track"><span class="fill${value !== null && value < 0 ? ' minus' : ''}" style="width:${width}%"></span></span></dd><dd>${value === null ? 'does not apply' : value.toFixed(3)}</dd></div>`;
}

const style = `
:root { color-scheme: light dark; --line: #d5d7db; --dim: #5f6672; --good: #0a7a3c; --bad: #c2272d; --ok: #c9f0d6; --missed: #fbd5d5; --seen: #dbe7fd; --fill: #3b6fd4; --track: #e6e8ec; }
@media (prefers-color-scheme: dark) { :root { --line: #3a3f4a; --dim: #9aa3b2; --good: #4cc38a; --bad: #ff8b8b; --ok: #1e4631; --missed: #5a2628; --seen: #24365c; --fill: #6f9bf0; --track: #2b303a; } }
body { font: 15px/1.5 system-ui, sans-serif; margin: 0 auto; padding: 16px 20px; max-width: 1400px; }
h1 { font-size: 1.4em; margin: 0; } h2 { font-size: 1.15em; margin: 0; overflow-wrap: anywhere; } h3 { font-size: 1em; margin: 0 0 6px; font-weight: normal; }
p { margin: 4px 0; } .dim { color: var(--dim); } .good { color: var(--good); } .bad { color: var(--bad); } .gold { color: #d9a900; }
article { border-top: 1px solid var(--line); margin-top: 20px; padding-top: 16px; }
.sample { display: flex; flex-wrap: wrap; gap: 16px; margin: 8px 0; } figure { position: relative; margin: 0; flex: 1 1 320px; max-width: 480px; }
figure img { display: block; width: 100%; height: auto; } .boxes { position: absolute; inset: 0; width: 100%; height: 100%; }
.sample dl { flex: 1 1 280px; margin: 0; } .sample dt { color: var(--dim); } .sample dd { margin: 0 0 8px; }
.word { border: 1px solid var(--line); border-radius: 4px; padding: 0 5px; display: inline-block; }
.responses { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 380px), 1fr)); gap: 12px; }
.response { border: 1px solid var(--line); border-left-width: 4px; border-radius: 6px; padding: 10px 12px; min-width: 0; color: inherit; } .response.good { border-left-color: var(--good); color: inherit; } .response.bad { border-left-color: var(--bad); color: inherit; }
.text { white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: isolate; } details > summary { cursor: pointer; font-weight: 600; }
mark { color: inherit; border-radius: 3px; } mark.ok { background: var(--ok); } mark.missed { background: var(--missed); text-decoration: underline wavy; } mark.seen { background: var(--seen); }
.bars { margin: 0 0 8px; } .bars div { display: grid; grid-template-columns: minmax(70px, 30%) 1fr auto; gap: 8px; align-items: center; } .bars dt { color: var(--dim); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; } .bars dd { margin: 0; font-variant-numeric: tabular-nums; }
.track { display: block; height: 7px; background: var(--track); border-radius: 4px; overflow: hidden; } .fill { display: block; height: 100%; background: var(--fill); } .fill.minus { background: var(--bad); }
.notes { margin: 8px 0 0; padding-left: 18px; color: var(--dim); overflow-wrap: anywhere; }
@media print { .response { break-inside: avoid; } }
`;
