// Asks the server what flows through a network: a run, one step's channels, one channel exactly.
//
// Computing may take a while: the server then says how far it is, and is asked again until it is done or nobody wants it
// any more. What has come is kept. It draws nothing.

const UNREACHABLE = "The server did not answer. Check the connection and try again.";
const MOST_KEPT = 80;

/** `address` is where networks are on the server. */
export function createFlowAsking(address) {
  const kept = new Map();
  const place = ({ network, input, picture }, part, more = {}) =>
    `${address}/${encodeURIComponent(network)}/${part}?${new URLSearchParams({ input, picture, ...more })}`;
  const asking = {
    inputAddress: (flow) => place(flow, "flow-input.png"),
    runAddress: (flow) => place(flow, "flow.json"),
    stepAddress: (flow, step, page) => place(flow, `flow/${step}.json`, page),
    channelAddress: (flow, step, channel) => place(flow, `flow/${step}/${channel}.json`),
    /** What was brought from an address, or undefined. */
    known(from) {
      const found = kept.get(from);
      if (found) kept.delete(from), kept.set(from, found); // the last used are kept longest
      return found;
    },
    /** Promise what an address tells; `onWaiting({ doing, done, of, ahead })` hears how far it is. Rejects with a sentence. */
    async bring(from, { signal, onWaiting = () => {} } = {}) {
      for (;;) {
        if (kept.has(from)) return asking.known(from);
        const told = await ask(from, signal);
        if (!told.waiting) {
          kept.set(from, told);
          if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value);
          return told;
        }
        onWaiting(told.waiting);
      }
    },
  };
  return asking;
}

async function ask(from, signal) {
  const answer = await fetch(from, { signal }).catch((error) => {
    throw error.name === "AbortError" ? error : new Error(UNREACHABLE);
  });
  const told = await answer.json().catch((error) => {
    if (error.name === "AbortError") throw error;
    return { error: UNREACHABLE };
  });
  if (told.error) throw new Error(told.error);
  return told;
}

/** How far the server is, in words. */
export function waitingText({ doing, done, of, ahead }) {
  if (ahead > 0) return `Waiting: ${ahead} ${ahead === 1 ? "picture flows" : "pictures flow"} first.`;
  if (doing === "Loading the network") return "Loading the network. The first time this takes some seconds; everything else on this page works meanwhile.";
  return of > 1 ? `Computing step ${done + 1} of ${of} …` : "Computing …";
}
