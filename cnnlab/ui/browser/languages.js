// Tells the page which language it is in and from which side it is written: for screen readers, for the order of words,
// and for the next visit.
//
// What is in another language stands in an element with the class `st-key-in-<code>-…`. It does not know any text.

const FOREIGN = /\bst-key-in-([a-z]{2,3})-/;

export default function ({ data }) {
  const { code, rightToLeft, cookie } = data;
  const fromTheRight = rightToLeft.split(" ");
  const directionOf = (language) => (fromTheRight.includes(language) ? "rtl" : "ltr");
  const say = (element, language) => {
    if (element.lang !== language) element.lang = language;
    if (element.dir !== directionOf(language)) element.dir = directionOf(language);
  };
  const sayAll = () => {
    say(document.documentElement, code);
    for (const element of document.querySelectorAll('[class*="st-key-in-"], [data-foreign]')) {
      const [, language] = FOREIGN.exec(element.className) ?? [];
      element.toggleAttribute("data-foreign", Boolean(language));
      if (language) say(element, language);
      else ["lang", "dir"].forEach((name) => element.removeAttribute(name)); // Streamlit uses elements again
    }
  };
  // Kept until the browser is closed: a reload and a link in a new tab are sessions of their own.
  document.cookie = `${cookie}=${code}; path=/; SameSite=Lax`;
  const watcher = new MutationObserver(sayAll);
  watcher.observe(document.body, { childList: true, subtree: true, attributeFilter: ["class"] });
  sayAll();
  return () => watcher.disconnect();
}
