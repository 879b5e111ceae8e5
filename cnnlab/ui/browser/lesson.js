// Keeps the keys in a question whose button has gone: after the right answer "Check" rests, and "Hint" may be the last.
//
// A browser then puts the focus on the page as a whole, and who uses keys or a screen reader has lost their place. Here
// the question itself takes it; the next Tab leads to what can be done there. And lets keys scroll a formula or a piece of
// code that is wider than the page. It does not know the questions.

const QUESTION = '[data-testid="stVerticalBlock"][class*="st-key-lesson-"]';

let last = null; // what had the focus, and the question around it

function remember(event) {
  const question = event.target.closest?.(QUESTION);
  last = question ? { element: event.target, question } : null;
}

function keep() {
  if (!last || (last.element.isConnected && !last.element.disabled)) return;
  const { element, question } = last;
  const lost = document.activeElement === element || document.activeElement === document.body;
  last = null;
  if (!lost || !question.isConnected) return;
  question.tabIndex = -1;
  question.focus({ preventScroll: true });
}

let waiting = 0;

/** Give the keys a way into formulas and code that have more to show, and take it from those shown whole. */
function openWide() {
  cancelAnimationFrame(waiting);
  waiting = requestAnimationFrame(() => {
    for (const wide of document.querySelectorAll('.katex-display, [data-testid="stCode"] > pre')) {
      if (wide.scrollWidth > wide.clientWidth) wide.tabIndex = 0;
      else wide.removeAttribute("tabindex");
    }
  });
}

export default function () {
  if (document.documentElement.dataset.lesson) return;
  document.documentElement.dataset.lesson = "watched";
  document.addEventListener("focusin", remember);
  addEventListener("resize", openWide);
  new MutationObserver(() => {
    keep();
    openWide();
  }).observe(document.body, {
    attributeFilter: ["disabled"],
    childList: true,
    subtree: true,
  });
  openWide();
}
