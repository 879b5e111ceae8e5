// How far work is on the server and what it has made so far, with a button to stop it.
//
// It asks the server by itself, and tells Streamlit only when the work is over, so that the page runs again. It knows no
// work.

import { fill, make, say } from "./dom.js";
import { mountable } from "./mounting.js";

const AGAIN_MS = 5000; // where the page has not run again by then, it is told once more

export const { render, dispose } = mountable(create);

function create(root, component) {
  let latest = component;
  let toldAt = 0;
  let asking = false;
  const text = make("span", { id: "what" });
  const bar = make("progress", { max: 1, "aria-labelledby": "what" });
  const stop = make("button", { type: "button", class: "button", onclick: halt }, "Stop");
  const picture = make("img", {});
  const words = make("figcaption", {});
  const figure = make("figure", { class: "work-shown hidden" }, picture, words);
  fill(root, make("div", { class: "work-progress" }, make("div", { class: "work-bar" }, text, bar), stop), figure);
  function halt() {
    stop.disabled = true;
    say(text, "Stopping …");
    latest.setTriggerValue("stop", Date.now());
  }
  function show(told) {
    if (!stop.disabled) say(text, told.text);
    bar.value = told.share;
    figure.classList.toggle("hidden", !told.shown);
    if (!told.shown) return;
    picture.src = told.shown.source;
    picture.alt = told.shown.alt;
    say(words, told.shown.words);
  }
  async function ask() {
    if (asking) return;
    asking = true;
    const told = await fetch(latest.data.address).then((answer) => answer.json()).catch(() => null);
    asking = false;
    if (!told) return say(text, "The server did not answer; asking again …");
    show(told);
    if (!told.over || Date.now() - toldAt < AGAIN_MS) return;
    toldAt = Date.now();
    latest.setTriggerValue("new", toldAt);
  }
  const timer = setInterval(ask, component.data.every);
  return {
    receive(next) {
      latest = next;
      toldAt = 0;
      stop.disabled = false;
      show(next.data);
      stop.classList.toggle("hidden", !next.data.stoppable);
    },
    changeTheme() {},
    destroy: () => clearInterval(timer),
  };
}
