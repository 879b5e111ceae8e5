// Photographs from the camera, as many as a button is held for; sent to the server when it is let go.
//
// The camera is on only between "Turn the camera on" and "off". It does not know what the photographs are for.

import { fill, make, say } from "./dom.js";
import { mountable } from "./mounting.js";

const SIDE = 320; // pixels a side of what is sent: the square in the middle
const EVERY_MS = 250;
const MOST = 40; // of one press

export const { render, dispose } = mountable(create);

function create(root) {
  let data = {};
  let tell = () => {};
  let stream = null;
  let timer = 0;
  let shots = [];
  const video = make("video", { muted: true, playsinline: true, class: "data-video", "aria-label": "What the camera sees" });
  const canvas = make("canvas", { width: SIDE, height: SIDE });
  const note = make("p", { class: "small", role: "status" });
  const power = make("button", { type: "button", class: "button", onclick: () => (stream ? off() : on()) }, "Turn the camera on");
  const take = make("button", { type: "button", class: "button", disabled: true }, "Hold to take photographs");
  take.onpointerdown = (event) => (take.setPointerCapture(event.pointerId), begin());
  take.onpointerup = take.onpointercancel = end;
  take.onkeydown = (event) => {
    if (event.key !== " " && event.key !== "Enter") return;
    event.preventDefault();
    if (!event.repeat) begin();
  };
  take.onkeyup = take.onblur = end;
  fill(root, make("div", { class: "data-camera" }, video, make("div", { class: "button-row" }, power, take), note));

  async function on() {
    if (!navigator.mediaDevices) return say(note, "This browser gives the camera only to pages on https, or on the same computer. Add files instead.");
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { width: 640, facingMode: "environment" } });
    } catch (problem) {
      return say(note, problem.name === "NotAllowedError" ? "The camera was not allowed. Allow it in the browser's address bar and press again." : "No camera was found, or another program is using it.");
    }
    video.srcObject = stream;
    await video.play().catch(() => {});
    show();
    say(note, `Hold the button, and turn the thing a little: four photographs a second go into “${data.name}”.`);
  }

  function off() {
    end();
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
    video.srcObject = null;
    show();
    say(note, "");
  }

  function show() {
    say(power, stream ? "Turn the camera off" : "Turn the camera on");
    take.disabled = !stream;
    video.classList.toggle("hidden", !stream);
  }

  function begin() {
    if (!stream || timer) return;
    shots = [];
    take.setAttribute("aria-pressed", "true");
    timer = setInterval(shoot, EVERY_MS);
    shoot();
  }

  function shoot() {
    if (shots.length >= MOST) return end();
    const side = Math.min(video.videoWidth, video.videoHeight);
    if (!side) return;
    canvas.getContext("2d").drawImage(video, (video.videoWidth - side) / 2, (video.videoHeight - side) / 2, side, side, 0, 0, SIDE, SIDE);
    shots.push(canvas.toDataURL("image/jpeg", 0.92));
    note.textContent = `${shots.length} taken`;
  }

  function end() {
    if (!timer) return;
    clearInterval(timer);
    timer = 0;
    take.setAttribute("aria-pressed", "false");
    if (shots.length) tell("shots", shots);
    shots = [];
  }

  show();
  return {
    receive({ data: next, setTriggerValue }) {
      if (data.name !== undefined && data.name !== next.name && stream) say(note, `Photographs go into “${next.name}” now.`);
      [data, tell] = [next, setTriggerValue];
      root.dataset.ready = "true";
    },
    changeTheme() {},
    destroy: off,
  };
}
