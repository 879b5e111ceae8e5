// Brings a lab's module into the page, hands everything over to it, and says what to do where that fails.
//
// Streamlit runs this at every rerun of the page and at every change of theme. It does not know what a module shows.

const SORRY = "This part of the page could not be loaded. Reload the page; if it stays away, the server may be down, or a browser extension may be keeping its scripts back.";

export default function (component) {
  const host = component.parentElement;
  const [data] = component.data;
  host.component = { ...component, data };
  host.module ??= import(new URL(data.module, location.origin).href);
  let shown = true;
  host.module.then((module) => shown && module.render(host.component)).catch((error) => shown && apologise(host, error));
  return () => {
    shown = false;
    host.module.then((module) => module.dispose(host)).catch(() => {});
  };
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
