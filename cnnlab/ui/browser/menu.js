// Makes the menu that Streamlit shows on narrow pages right for screen readers.
//
// Streamlit puts a plain box around each section of that menu, between the list and its entries, so that the entries
// belong to no list (axe: "list", "listitem"). Here each section becomes a list with a name. It does not know the pages.

const SECTIONS = 'ul[data-testid="stSidebarNavItems"] > div:not([role])';

function repair() {
  for (const section of document.querySelectorAll(SECTIONS)) {
    section.parentElement.setAttribute("role", "none");
    section.setAttribute("role", "list");
    section.setAttribute("aria-label", section.querySelector("header p")?.textContent ?? "Pages");
  }
}

export default function () {
  if (document.documentElement.dataset.menu) return;
  document.documentElement.dataset.menu = "watched";
  new MutationObserver(repair).observe(document.body, { childList: true, subtree: true });
  repair();
}
