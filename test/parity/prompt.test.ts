import * as assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { compilePrompt } from '../../src/platform/responses/promptTemplate';
import { askPython } from './askPython';

const row = {
  qid: 'q-1', problem: '  <image>How many?\n', answer: '7', source: 'vqa', level: 3, share: 0.5, hard: true, none: null, key_words: ['red 7', "it's"],
  boxes: [{ label: 'red 7', bbox: [1, 2, 3.5, 4] }], meta: { author: 'A & B', tags: [] },
};

const templates: readonly string[] = [
  readFileSync('samples/cards/prompt.jinja', 'utf8'), '{{ content }}', '{{ content | trim }}', '{{content}}\n', '{{content}}\n\n', '{{content}}\r\n', 'a\n{% if sample.hard %}\nhard\n{% else %}\neasy\n{% endif %}\nb',
  'a\n  {%- if sample.hard -%}\n hard \n{%- endif %}\n b', '{# a note #}\nx', '{% for word in sample.key_words %}{{ loop.index }}. {{ word }}\n{% endfor %}', '{% for box in sample.boxes %}{{ box.label }}: {{ box.bbox | join(", ") }};{% endfor %}',
  '{{ sample.key_words | join(" and ") | upper }}', '{{ sample.key_words | length }} words, level {{ sample.level + 1 }}, {{ sample.share }}', '{% if sample.source is defined %}[{{ sample.source }}]{% endif %}', '{% if sample.other is defined %}x{% else %}y{% endif %}',
  '{{ sample["source"] }} {{ sample.meta.author }}', '{% set n = 2 %}{{ n * 3 }}', '{% if "red" in sample.problem or sample.level > 2 %}yes{% endif %}', '{{ "x" if sample.none else "y" }}', '{{ sample.answer ~ "!" }}', '<image>{{ content | replace("<image>", "") }}',
  '{{ sample.problem.strip() }}', '{{ contnt }}', '{% if %}', '{{ content', '{% for i in range(3) %}{{ i }}{% endfor %}', '{% for i in range(20000) %}x{% endfor %}', '{% for i in range(100001) %}{% endfor %}', '{{ sample.key_words[0] }}', '{{ sample.key_words | first }}',
  '{{ "number" if sample.level is number }}', '{% if content | length > 3 and not sample.none %}long{% endif %}',
];

describe('a prompt', () => {
  it(`is rendered as the trainer renders it (${templates.length} templates)`, async function () {
    this.timeout(60_000);
    const theirs = await askPython<string | null>(templates.map(template => ({ template, problem: row.problem, row })));
    const ours = templates.map(template => {
      try {
        return compilePrompt(template, 'prompt.jinja').render(row.problem, row);
      } catch {
        return null;
      }
    });
    assert.deepEqual(ours.map((text, index) => [templates[index], text]), theirs.map((text, index) => [templates[index], text]));
  });
});
