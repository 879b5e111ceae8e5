// Asks the server what the text of a network means, a little after the last keystroke, and keeps what has come.
//
// An answer is { network, mistakes: [{ line, column, length, text }] }; see `cnnlab/ui/architectures/building.py`.
// It knows no notation.

const SETTLED_MS = 250;
const UNREACHABLE = "The server did not answer, so this text is not checked. Check the connection and type on.";

/** `onAnswer(answer, text)` hears what the last text means; { error } where the server cannot be reached. */
export function createAsking(address, onAnswer) {
  let timer = 0;
  let wanted = null;
  const formulas = new Map();
  const ask = async (text) => {
    wanted = text;
    const answer = await post(`${address}/network.json`, text).catch((error) => ({ error: error.message }));
    if (wanted === text) onAnswer(answer, text);
  };
  return {
    now: (text) => {
      clearTimeout(timer);
      ask(text);
    },
    soon(text) {
      clearTimeout(timer);
      wanted = null; // what is still under way is not wanted any more
      timer = setTimeout(() => ask(text), SETTLED_MS);
    },
    /** Promise { formulas } of the network of a text. */
    formulas(text) {
      if (!formulas.has(text)) {
        formulas.clear();
        formulas.set(text, post(`${address}/formulas.json`, text));
        formulas.get(text).catch(() => formulas.delete(text));
      }
      return formulas.get(text);
    },
    stop: () => clearTimeout(timer),
  };
}

async function post(place, text) {
  const failed = () => {
    throw new Error(UNREACHABLE);
  };
  const answer = await fetch(place, { method: "POST", body: text, headers: { "content-type": "text/plain" } }).catch(failed);
  return answer.ok ? answer.json().catch(failed) : failed();
}
