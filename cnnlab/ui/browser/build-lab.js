// The page "Build a network" in the browser: a text on top, and below it the network that it describes.
//
// It sends the text to the server (`build-asking.js`) and keeps field, drawing, address and settings in step. The last
// text without mistakes stays drawn. Streamlit mounts it through `render`; it draws no network and computes nothing.

import { createAsking } from "./build-asking.js";
import { createEditor, createFindings } from "./build-editor.js";
import { createExamples, createGuide } from "./build-guide.js";
import { fitsAddress, LONGEST, readSettings, writeSettings } from "./build-settings.js";
import { fill, make, say } from "./dom.js";
import { createExplorePanel } from "./explore-panel.js";
import { mountable } from "./mounting.js";
import { createSettingsStore } from "./settings-store.js";
import { createSettling, showProblems } from "./settling.js";
import { createShare } from "./share.js";
import { countText, grouped } from "./units.js";

const VIEWS = ["network-graph", "step", "step-table"];
const STALE = "Below is still your last text without mistakes.";
const INPUT_LINE = /^(\s*)input\b[^;\n#]*/i;
export const { render, dispose } = mountable(createLab);

function createLab(root, component) {
  const { rules, examples, building } = component.data;
  const { settings, problems } = readSettings(component.data.settings);
  const store = createSettingsStore({ ...settings, text: settings.text || examples[0].text, input: "" });
  const settling = createSettling(component, writeSettings);
  const regions = layOut(root);
  showProblems(regions.problems, problems);
  const asking = createAsking(building, (answer, text) => hear(answer, text));
  store.networks = { formulas: () => asking.formulas(store.network.source) };
  const editor = createEditor(regions.editor, { text: store.settings.text, onInput: (text) => store.set({ text }) });
  const findings = createFindings(regions.findings, editor);
  createGuide(regions.guide, rules, editor);
  createExamples(regions.examples, examples, editor);
  let explore = null;
  let fitting = store.settings.text; // the last text that an address can hold
  const shared = () => ({ ...store.settings, text: fitting === examples[0].text ? "" : fitting });
  const code = () => ({ text: store.network?.code || "# There is code once the network fits.", ok: Boolean(store.network?.code) && !root.classList.contains("stale") });
  const remark = () => (fitting === store.settings.text ? "" : `The text is too long for a link: it opens your last one of at most ${grouped(LONGEST)} signs.`);
  const train = make("a", { class: "button" }, "Train this network");
  fill(regions.train, train);
  const share = createShare(regions.share, { parameters: () => writeSettings(shared()), code, remark });

  store.subscribe((changed) => {
    if (changed.includes("text")) {
      if (fitsAddress(store.settings.text)) fitting = store.settings.text;
      root.setAttribute("aria-busy", "true");
      asking.soon(store.settings.text);
    }
    if (changed.includes("input") && store.settings.input) useInput(store.settings.input);
    explore?.update(changed);
    editor.point(store.network?.lines[store.settings.step] ?? 0);
    if (!changed.includes("step")) share.update();
    settling.follow(shared());
  });

  /** Write another input into the text. */
  function useInput(input) {
    const text = editor.text();
    store.set({ input: "" });
    editor.replace(INPUT_LINE.test(text) ? text.replace(INPUT_LINE, `$1input ${input} `).replace(/ +(?=\n|;|$)/, "") : `input ${input}\n${text}`);
  }

  function hear(answer, text) {
    root.setAttribute("aria-busy", "false");
    const mistakes = answer.mistakes ?? [];
    root.classList.toggle("stale", Boolean(store.network) && !answer.network);
    say(regions.stale, store.network && !answer.network ? STALE : "");
    editor.mark(answer.network ? misfit(answer.network) : mistakes);
    if (answer.error) findings.show(answer.error, []);
    else if (answer.network) draw({ ...answer.network, source: text });
    else findings.show(mistakes.length === 1 ? "There is one mistake." : `There are ${mistakes.length} mistakes.`, mistakes.map(capital));
    share.update();
    offerTraining();
    root.dataset.ready = "true";
  }

  /** Lead to its training while the network fits; its text goes along in the address. */
  function offerTraining() {
    const ready = code().ok && fitsAddress(store.network.source);
    regions.train.classList.toggle("hidden", !ready);
    const { address, recipe, prefix } = component.data.training;
    if (ready) train.href = `${address}?${new URLSearchParams({ ...recipe, model: prefix + store.network.source })}`;
  }

  function draw(network) {
    store.network = { ...network, problem: network.problem && { ...network.problem, text: network.problem.text.replace(/`([^`]*)`/g, "“$1”") } };
    findings.show(network.problem ? "It does not fit together. It is drawn with the place where it ends." : summaryOf(network), misfit(network));
    explore ??= createExplorePanel(regions.views, store, VIEWS);
    store.notify("described");
    store.set({ step: Math.min(store.settings.step, network.steps.length - 1) });
  }

  asking.now(store.settings.text);
  return {
    store,
    receive(next) {
      settling.component = next;
    },
    changeTheme: () => store.notify("theme"),
    destroy() {
      settling.stop();
      asking.stop();
      explore?.destroy();
    },
  };
}

/** Where the network does not fit, as a mistake. */
const misfit = ({ problem }) => (problem ? [{ ...problem.place, text: problem.text.replace(/^Line \d+: /, "") }] : []);

const capital = (mistake) => ({ ...mistake, text: mistake.text.replace(/^\p{Ll}/u, (sign) => sign.toUpperCase()) });

function summaryOf({ steps, parameters, macs, field }) {
  const out = steps.at(-1).out.join(" × ");
  const sees = field ? ` A unit of the last maps sees ${field.size.join(" × ")} of the input.` : "";
  return `It fits: ${steps.length} ${steps.length === 1 ? "step" : "steps"}, ${grouped(parameters)} parameters, ${macs < 1e6 ? grouped(macs) : countText(macs)} multiply-adds; ${out} come out.${sees}`;
}

function layOut(root) {
  const region = (name, attributes = {}) => make("div", { class: name, ...attributes });
  const regions = Object.fromEntries(["problems", "examples", "editor", "findings", "guide", "views", "train", "share"].map((name) => [name, region(`build-${name}`)]));
  regions.stale = make("p", { class: "build-stale", role: "status" });
  fill(root, regions.problems, regions.examples,
    make("div", { class: "build-top" }, make("div", {}, regions.editor, regions.findings), regions.guide),
    regions.stale, regions.views, regions.train, regions.share);
  return regions;
}
