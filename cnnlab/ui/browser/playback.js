// Stepping through the positions of a window: play, pause, step, back, scrub, speed, pin; Space and arrow keys.
//
// It knows how many rows and columns of positions there are, and tells where it is. It does not draw maps.

import { fill, make, say } from "./dom.js";

const SPEEDS = [0.5, 1, 2, 5, 10];

/**
 * `size()` gives [rows, cols] of positions; `onMove(position, byHand)` hears each move.
 * `position` is [row, col]; null while there is none.
 */
export function createPlayback(host, store, { size, onMove }) {
  const state = { position: [0, 0], timer: 0 };
  const button = (text, label, onclick) => make("button", { type: "button", class: "button", "aria-label": label, title: label, onclick }, text);
  const play = button("Play", "Play (Space)", () => toggle());
  const pin = button("Pin", "Keep this position in the link (Enter)", () => togglePin());
  const scrub = make("input", { type: "range", min: 0, step: 1, "aria-label": "Position of the window" });
  const speed = make("select", { "aria-label": "Steps a second", onchange: () => store.set({ speed: Number(speed.value) }) });
  const place = make("span", { class: "number small place" });
  fill(speed, SPEEDS.map((value) => make("option", { value }, `${value} / s`)));
  fill(
    host,
    make("div", { class: "button-row" }, button("◀", "One step back (left arrow)", () => go(-1)), play, button("▶", "One step on (right arrow)", () => go(1)), pin),
    scrub,
    place,
    speed,
  );
  scrub.oninput = () => {
    stop();
    move(fromIndex(+scrub.value), true);
  };

  const count = () => size()[0] * size()[1];
  const fromIndex = (index) => [Math.floor(index / size()[1]), index % size()[1]];
  const toIndex = ([row, col]) => row * size()[1] + col;
  const clamp = ([row, col]) => [Math.max(0, Math.min(size()[0] - 1, row)), Math.max(0, Math.min(size()[1] - 1, col))];

  function move(position, byHand) {
    if (!count()) return;
    state.position = clamp(position);
    if (byHand && store.settings.pin) store.set({ pin: state.position });
    show();
    onMove(state.position, byHand);
  }
  function go(step) {
    stop();
    move(fromIndex((toIndex(state.position) + step + count()) % count()), true);
  }
  function toggle() {
    if (state.timer) return stop();
    const tick = () => {
      state.timer = setTimeout(tick, 1000 / store.settings.speed);
      if (count()) move(fromIndex((toIndex(state.position) + 1) % count()), false);
    };
    state.timer = setTimeout(tick, 0);
    if (store.settings.pin) store.set({ pin: null });
    show();
  }
  function stop() {
    clearTimeout(state.timer);
    state.timer = 0;
    show();
  }
  function togglePin(position = state.position) {
    stop();
    const same = store.settings.pin && String(store.settings.pin) === String(position);
    state.position = position;
    store.set({ pin: same ? null : position });
    show();
    onMove(state.position, true);
  }
  function show() {
    const [rows, cols] = size();
    say(play, state.timer ? "Pause" : "Play");
    play.setAttribute("aria-label", state.timer ? "Pause (Space)" : "Play (Space)");
    pin.setAttribute("aria-pressed", String(Boolean(store.settings.pin)));
    scrub.max = Math.max(0, count() - 1);
    scrub.value = count() ? toIndex(state.position) : 0;
    scrub.disabled = !count();
    speed.value = String(store.settings.speed);
    const [row, col] = state.position;
    say(place, count() ? rows === 1 ? `position ${col} of ${cols}` : `row ${row} of ${rows}, column ${col} of ${cols}` : "no position");
    scrub.setAttribute("aria-valuetext", place.textContent);
  }
  const KEYS = {
    ArrowRight: () => go(1),
    ArrowLeft: () => go(-1),
    ArrowDown: () => (stop(), move([state.position[0] + 1, state.position[1]], true)),
    ArrowUp: () => (stop(), move([state.position[0] - 1, state.position[1]], true)),
    Home: () => (stop(), move([0, 0], true)),
    End: () => (stop(), move(fromIndex(count() - 1), true)),
    " ": () => toggle(),
    Enter: () => togglePin(),
  };
  return {
    get position() {
      return state.position;
    },
    get playing() {
      return Boolean(state.timer);
    },
    pinAt: togglePin,
    moveTo: (position) => move(position, true),
    /** Handle a key on the maps; returns whether it was one of ours. */
    key(event) {
      if (event.ctrlKey || event.metaKey || event.altKey || !KEYS[event.key]) return false;
      event.preventDefault();
      KEYS[event.key]();
      return true;
    },
    update() {
      if (store.settings.pin) state.position = store.settings.pin;
      state.position = clamp(state.position).map((value) => Math.max(0, value));
      show();
    },
    destroy: () => clearTimeout(state.timer),
  };
}
