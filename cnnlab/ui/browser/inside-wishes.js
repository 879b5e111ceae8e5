// What a learner wished for last: answers to older wishes come late, and must not turn the page back.
//
// It knows neither what is wished for nor who answers.

const PATIENCE_MS = 4000;

export function createWish() {
  let [wished, until] = [null, 0];
  return {
    /** Remember what was just asked of the server. */
    ask(what) {
      [wished, until] = [what, performance.now() + PATIENCE_MS];
    },
    /** Whether an answer about `what` is an old one, to be left alone; after a while no answer is. */
    isOld(what) {
      const old = wished !== null && wished !== what && performance.now() < until;
      if (!old) wished = null;
      return old;
    },
  };
}
