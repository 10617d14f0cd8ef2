import * as assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { withoutView, withView, withViewRenamed } from '../../../src/core/project/editViews';
import { parseProject } from '../../../src/core/project/parseProject';
import { parseSortKey, printSortKey, queryOfView, type SavedView, viewOfQuery } from '../../../src/core/query/savedView';

const view = (name: string, more: Partial<SavedView> = {}): SavedView => ({ name, dataset: 'd', query: '', sort: [], groupBy: null, ...more });
const viewsOf = (text: string): readonly SavedView[] => {
  const { project, problems } = parseProject(text, 'pebr.json');
  assert.deepEqual(problems, [], text);
  return project?.views ?? [];
};
const start = `{
  // what this is about
  "name": "p", /* short */
  "datasets": [{ "id": "d", "stage": "reasoning", "path": "d.jsonl" }], // the only one
}
`;

describe('views of pebr.json', () => {
  it('are added, replaced, renamed and deleted; everything else stays', () => {
    const one = withView(start, view('hard', { query: 'difficulty:hard "a \\"b\\""', sort: ['pass_rate:desc'], groupBy: 'source' }));
    assert.equal(one, start.replace('// the only one\n', `// the only one\n  "views": [\n    { "name": "hard", "dataset": "d", "query": "difficulty:hard \\"a \\\\\\"b\\\\\\"\\"", "sort": ["pass_rate:desc"], "groupBy": "source" }\n  ],\n`));
    const two = withView(one, view('all'));
    assert.deepEqual(viewsOf(two), [view('hard', { query: 'difficulty:hard "a \\"b\\""', sort: ['pass_rate:desc'], groupBy: 'source' }), view('all')]);
    assert.deepEqual(viewsOf(withView(two, view('hard', { query: 'cat' }))), [view('hard', { query: 'cat' }), view('all')]);
    assert.deepEqual(viewsOf(withViewRenamed(two, 'd', 'all', 'every')).map(({ name }) => name), ['hard', 'every']);
    assert.deepEqual(viewsOf(withoutView(two, 'd', 'hard')), [view('all')]);
    assert.deepEqual(viewsOf(withoutView(withoutView(two, 'd', 'hard'), 'd', 'all')), []);
    assert.equal(withoutView(two, 'other', 'hard'), two);
  });

  it('keep comments, tabs and line ends', () => {
    const text = '{\r\n\t"name": "p",\r\n\t"datasets": [{ "id": "d", "stage": "reasoning", "path": "d.jsonl" }],\r\n\t"views": [\r\n\t\t{ "name": "a", "dataset": "d" } // mine\r\n\t]\r\n}\r\n';
    const more = withView(text, view('b', { query: 'x' }));
    assert.match(more, /\/\/ mine\r\n/);
    assert.ok(!/[^\r]\n/.test(more) && !/\n {2}/.test(more), JSON.stringify(more));
    assert.deepEqual(viewsOf(more).map(({ name }) => name), ['a', 'b']);
  });

  it('fit into a file of any layout', () => {
    const dataset = '{"id":"d","stage":"reasoning","path":"d.jsonl"}';
    for (const text of [`{"name":"p","datasets":[${dataset}]}`, `{"name":"p","datasets":[${dataset}],"views":[]}`, `{"name":"p","views":[{"name":"a","dataset":"d"},],"datasets":[${dataset}]}`, `{"name":"p","datasets":[${dataset}] /* end */\n}`, `{"name":"p","datasets":[${dataset}]\n  // end\n}`]) {
      const names = viewsOf(withView(withView(text, view('x')), view('y'))).map(({ name }) => name);
      assert.deepEqual(names.slice(-2), ['x', 'y'], text);
    }
  });

  it('say when a dataset is not there or a name is taken twice, and stay usable', () => {
    const text = withView(withView(start, view('a')), view('b', { dataset: 'gone' })).replace('"name": "b"', '"name": "a"').replace('"dataset": "gone"', '"dataset": "d"');
    const gone = parseProject(withView(start, view('b', { dataset: 'gone' })), 'pebr.json');
    assert.deepEqual([gone.problems.map(({ severity, message }) => [severity, message]), gone.project?.views.length], [[['warning', 'The view "b" names the dataset "gone", which does not exist.']], 1]);
    assert.deepEqual(parseProject(text, 'pebr.json').problems.map(({ severity, message }) => [severity, message]), [['warning', 'Two views of "d" are called "a".']]);
  });

  it('mean the query that was saved', () => {
    const key = fc.record({ column: fc.oneof(fc.constantFrom('qid', 'a:desc', 'x:asc'), fc.string({ minLength: 1 }).filter(text => !/[\r\n\u2028\u2029]/.test(text))), isDescending: fc.boolean() }, { noNullPrototype: true });
    fc.assert(fc.property(fc.record({ text: fc.string(), sort: fc.array(key, { maxLength: 3 }), groupBy: fc.option(fc.string({ minLength: 1 })) }, { noNullPrototype: true }), query => {
      assert.deepEqual(queryOfView(viewOfQuery('v', 'd', query)), query);
      assert.deepEqual(viewsOf(withView(start, viewOfQuery('v', 'd', query))).map(queryOfView), [query]);
      for (const each of query.sort) assert.deepEqual(parseSortKey(printSortKey(each)), each);
    }));
  });
});
