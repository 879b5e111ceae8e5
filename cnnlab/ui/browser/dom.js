// Making page elements in a line. It knows nothing of labs; text is always set as text, never as HTML.

/** Make an element: `make("button", { class: "button", onclick: f, "aria-label": "Play" }, "Play", child)`. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element[name] = value;
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== undefined && value !== null) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** Replace an element's children. */
export function fill(element, ...children) {
  element.replaceChildren(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** Set text only where it differs, so that screen readers are not told twice. */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** What may be wider than a phone, under a name, and scrolled by keys: `scroll("What it shows", table)`. */
export const scroll = (label, ...children) => make("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": label }, ...children);
