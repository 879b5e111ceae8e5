// Whole numbers that look random and are the same everywhere: a hash of up to three whole numbers.
//
// The lab draws no random number, so that a copied link shows the same digits on another machine.

/** A whole number from 0 to 2³² − 1 (the finaliser of MurmurHash3 over the numbers in turn). */
export function hash(a, b = 0, c = 0) {
  let state = 0x9747b28c;
  for (const value of [a, b, c]) {
    state = Math.imul(state ^ (value | 0), 0x85ebca6b);
    state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
    state ^= state >>> 16;
  }
  return state >>> 0;
}

/** A whole number from `low` to `high`, both possible. */
export const hashBetween = (low, high, ...numbers) => low + (hash(...numbers) % (high - low + 1));
