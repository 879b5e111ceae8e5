// Brings a lab's module into the page, hands everything over to it, and says what to do where that fails.
//
// Streamlit runs this at every rerun of the page and at every change of theme. It does not know what a module shows.

const SORRY = "This part of the page could not be loaded. Reload the page; if it stays away, the server may be down, or a browser extension may be keeping its scripts back.";

// entry module → all modules it starts with; the server fills it in.
const NEEDED = {};

export default function (component) {
  const host = component.parentElement;
  // A lab reads from left to right, in English, whatever the page around it does.
  Object.assign(host.querySelector(".lab"), { lang: "en", dir: "ltr" });
  const [data] = component.data;
  host.component = { ...component, data };
  host.module ??= fetchModule(new URL(data.module, location.origin));
  let shown = true;
  host.module.then((module) => shown && module.render(host.component)).catch((error) => shown && apologise(host, error));
  return () => {
    shown = false;
    host.module.then((module) => module.dispose(host)).catch(() => {});
  };
}

/** Import a module, and ask for all that it will need at once: otherwise each file is known only when its importer is there. */
function fetchModule(address) {
  for (const name of NEEDED[address.pathname.split("/").at(-1)] ?? []) {
    const href = new URL(name, address).href;
    if (document.head.querySelector(`link[href="${href}"]`)) continue;
    document.head.append(Object.assign(document.createElement("link"), { rel: "modulepreload", href }));
  }
  return import(address.href);
}

function apologise(host, error) {
  console.error(error);
  const message = document.createElement("div");
  message.className = "problem";
  message.setAttribute("role", "alert");
  const sentence = document.createElement("p");
  sentence.textContent = SORRY;
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "button", textContent: "Reload the page", onclick: () => location.reload() });
  message.append(sentence, button);
  host.querySelector(".lab").replaceChildren(message);
}
