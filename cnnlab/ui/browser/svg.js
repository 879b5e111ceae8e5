// Making and changing elements of a drawing (SVG) in a line. It knows nothing of labs.

const NAMESPACE = "http://www.w3.org/2000/svg";

/** Make an SVG element: `svg("rect", { x: 0, y: 0, width: 4, height: 4, class: "cell" })`. */
export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS(NAMESPACE, tag);
  place(element, attributes);
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** Set attributes where they differ; null and false take one away. */
export function place(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element[name] = value;
    else if (value === null || value === undefined || value === false) element.removeAttribute(name);
    else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
  }
  return element;
}
