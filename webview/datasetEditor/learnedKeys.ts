import { isTextField } from '../shared/isTextField';

/** How long a command may take to come back for a key that was pressed. */
const longestWayMs = 10_000;

interface Pressed<Name> {
  readonly key: string;
  readonly name: Name | undefined;
  readonly at: number;
}

/**
 * Does at once what a key is known to do. Which key runs which command is VS Code's to say, and asking takes it tens of milliseconds: a key goes through the
 * workbench and the extension's process before its command comes back. So the first press waits for that, and the page remembers what came; the next
 * press is done when it happens, and its command, when it comes, is taken as done. Keys are changed elsewhere than in the page: it forgets them when it loses the focus.
 */
export class LearnedKeys<Name extends string> {
  private readonly known = new Map<string, Name>();
  /** Keys whose command has not come yet, in order; with a name where it was done already. */
  private pressed: readonly Pressed<Name>[] = [];

  constructor(
    private readonly learnable: readonly Name[],
    private readonly run: (name: Name) => void,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** A key went down, by a name that tells it from others. Returns whether it was done. */
  press(key: string): boolean {
    const name = this.known.get(key);
    this.pressed = [...this.recent(), { key, name, at: this.now() }];
    if (name !== undefined) this.run(name);
    return name !== undefined;
  }

  /** A command came. Returns whether it is what a key did already, and must not be done again. */
  takes(name: string): boolean {
    const recent = this.recent();
    const done = recent.find(each => each.name !== undefined);
    if (done?.name === name) {
      this.pressed = recent.filter(each => each !== done);
      return true;
    }
    const [first] = recent;
    const learned = this.learnable.find(each => each === name);
    this.pressed = recent.filter(each => each.name !== undefined || (learned !== undefined && each !== first));
    if (done) this.known.delete(done.key); // it does something else now
    else if (learned !== undefined && first && recent.every(each => each.key === first.key)) this.known.set(first.key, learned);
    return false;
  }

  /** Keys may mean something else from now on. */
  forget(): void {
    this.known.clear();
    this.pressed = this.pressed.filter(each => each.name !== undefined); // those commands still come
  }

  /** Follows the keys of a page until the function that it returns is called. */
  listen(page: Window): () => void {
    const down = (event: KeyboardEvent): void => {
      if (!/^(Control|Shift|Alt|Meta)$/.test(event.key) && !isTextField(page.document.activeElement)) this.press(keyOf(event));
    };
    const forget = (): void => this.forget();
    page.addEventListener('keydown', down);
    page.addEventListener('blur', forget);
    return () => {
      page.removeEventListener('keydown', down);
      page.removeEventListener('blur', forget);
    };
  }

  private recent(): readonly Pressed<Name>[] {
    const oldest = this.now() - longestWayMs;
    return this.pressed.filter(each => each.at > oldest);
  }
}

function keyOf({ code, key, ctrlKey, shiftKey, altKey, metaKey }: KeyboardEvent): string {
  return [code, key, ctrlKey, shiftKey, altKey, metaKey].join(' ');
}
