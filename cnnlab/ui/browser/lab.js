export function render({ data, parentElement, setStateValue }) {
  parentElement.querySelector(".lab").textContent = JSON.stringify(data);
}
export function dispose() {}
