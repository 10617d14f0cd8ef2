import * as assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { LearnedKeys } from '../../../webview/datasetEditor/learnedKeys';

type Name = 'next' | 'previous';

function page(): { readonly keys: LearnedKeys<Name>; readonly done: string[]; command(name: string): void; wait(ms: number): void } {
  const done: string[] = [];
  let time = 0;
  const keys = new LearnedKeys<Name>(['next', 'previous'], name => done.push(name), () => time);
  return { keys, done, command: name => void (keys.takes(name) || done.push(name)), wait: ms => (time += ms) };
}

describe('keys that a page has seen at work', () => {
  it('are done when they are pressed, and once', () => {
    const { keys, done, command } = page();
    assert.equal(keys.press('d'), false, 'what it does is not known yet');
    command('next');
    assert.equal(keys.press('d'), true);
    assert.deepEqual(done, ['next', 'next']);
    command('next');
    assert.deepEqual(done, ['next', 'next'], 'the command of the second press was done already');
  });

  it('are asked about again after the page lost the focus: a person may have changed them', () => {
    const { keys, done, command } = page();
    keys.press('d');
    command('next');
    keys.forget();
    assert.equal(keys.press('d'), false);
    command('drawBox');
    assert.deepEqual(done, ['next', 'drawBox']);
  });

  it('are not learned where another key may have been it, nor for other commands', () => {
    const { keys, command } = page();
    keys.press('x');
    keys.press('d');
    command('next');
    assert.deepEqual([keys.press('x'), keys.press('d')], [false, false]);
    const other = page();
    other.keys.press('b');
    other.command('drawBox');
    assert.equal(other.keys.press('b'), false);
  });

  it('are forgotten when another command comes for them', () => {
    const { keys, done, command } = page();
    keys.press('d');
    command('next');
    keys.press('d');
    command('previous');
    assert.deepEqual(done, ['next', 'next', 'previous']);
    assert.equal(keys.press('d'), false);
  });

  it('do not swallow a command of long after, which a click in the palette may be', () => {
    const { keys, done, command, wait } = page();
    keys.press('d');
    command('next');
    keys.press('d');
    wait(60_000);
    command('next');
    assert.deepEqual(done, ['next', 'next', 'next']);
  });

  it('lead to as many steps as were pressed, however late their commands come', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('press', 'answer'), { maxLength: 60 }), fc.constantFrom<Name>('next', 'previous'), (turns, name) => {
        const { keys, done, command } = page();
        let open = 0;
        let pressed = 0;
        for (const turn of turns) {
          if (turn === 'press') {
            keys.press('key');
            pressed++;
            open++;
          } else if (open > 0) {
            command(name);
            open--;
          }
        }
        while (open-- > 0) command(name);
        assert.deepEqual(done, Array.from({ length: pressed }, () => name));
      }),
    );
  });
});
