import type { Review } from '../../src/core/curation/curation';
import { blindQuery } from '../../src/core/query/blindQuery';
import type { RowQuery } from '../../src/core/query/rowQuery';
import { confirmedSecond } from './blindPass';
import type { EditorStore } from './editorStore';

/** Rows that are looked through at once for the next one to review. */
const reviewedAtOnce = 2000;

/** Going through samples one by one: accepting and rejecting them, or labeling them blindly a second time. */
export class ReviewPass {
  constructor(private readonly store: EditorStore) {}

  /** Accepts or rejects the shown sample, and shows the next one that nobody has looked at. */
  async decide(review: Review): Promise<void> {
    if (this.store.blind.isOn.value) return this.confirmSecond(review);
    if (await this.store.gestures.curate({ type: 'setReview', review })) await this.next(); // else it stays, with the reason
  }

  /** Begins or ends labeling a second time, without seeing the first labels. */
  toggleBlind(): void {
    const { store } = this;
    store.fields.flush();
    store.boxes.leave();
    store.failure.value = undefined;
    store.blind.isOn.value = !store.blind.isOn.value;
    if (store.blind.isOn.value) store.clipboard.take([]); // what was copied may be the first person's boxes
    else store.openParts.value = new Set([...store.openParts.value, 'second']); // now the two can be compared
    store.host.send('blind', { isOn: store.blind.isOn.value });
    store.show('label');
    void store.query.beginAnew(this.seenQuery(store.query.query.value));
  }

  /** What may be asked for now: which rows are there, and in which order, must not tell a second person about the first labels. */
  seenQuery(query: RowQuery): RowQuery {
    const seen = this.store.blind.isOn.value ? blindQuery(query) : query;
    if (seen !== query) this.store.boxes.note.value = 'Conditions and orders that tell of the first labels are left out in a blind pass';
    return seen;
  }

  /** The next sample of the query that nobody accepted or rejected (in a blind pass: that has no second labels), from its start again after its end. */
  async next(): Promise<void> {
    const { store } = this;
    const { cursor } = store;
    store.fields.flush();
    const pass = store.blind.isOn.value ? 'second' : 'first';
    const { value: count } = cursor.count;
    const start = Math.max(0, cursor.position.value) + 1;
    try {
      for (let done = 0; done < count; done += reviewedAtOnce) {
        const rows = Array.from({ length: Math.min(reviewedAtOnce, count - done) }, (_, offset) => cursor.rowOf((start + done + offset) % count) ?? 0);
        const { index } = await store.host.request('nextToReview', { rows: Uint32Array.from(rows), pass });
        if (index !== null) return void (index !== cursor.index.value && cursor.goTo(index));
      }
      store.failure.value = pass === 'second' ? 'Every one of these samples has second labels.' : 'Every one of these samples is accepted or rejected.';
    } catch (error) {
      store.fail(error);
    }
  }

  /** In a blind pass a sample is done with what was labeled, or with nothing; the first person's review stays. */
  private async confirmSecond(review: Review): Promise<void> {
    const { store } = this;
    if (review === 'rejected') return void (store.boxes.note.value = 'A blind pass rejects nothing: label what you see, or nothing, and press Y');
    store.fields.flush();
    const shown = store.rows.at(store.cursor.index.value);
    const second = shown && confirmedSecond(shown, store.document.value?.labeler ?? '', new Date());
    if (second && (await store.gestures.curate({ type: 'setSecond', second }))) await this.next();
  }
}
