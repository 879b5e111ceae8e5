// How a lab stands on a page of Streamlit's: made once for its place, handed new data at every rerun, taken away at the end.
//
// It also tells a lab when the theme changes. It knows no lab.

/**
 * Make the two functions that the loader calls. `create(root, component)` makes a lab in the element `.lab`:
 * { receive(component), changeTheme(), destroy() }.
 */
export function mountable(create) {
  const mounted = new WeakMap();
  return {
    /** Mount the lab, or hand new data to it. Streamlit calls this at every rerun of the page. */
    render(component) {
      const host = component.parentElement;
      const root = host.querySelector(".lab");
      if (!mounted.has(host)) mounted.set(host, { lab: create(root, component), paper: paperOf(root) });
      const entry = mounted.get(host);
      entry.lab.receive(component);
      if (entry.paper !== paperOf(root)) entry.lab.changeTheme();
      entry.paper = paperOf(root);
    },
    /** Stop what runs on after the lab has left the page. */
    dispose(host) {
      mounted.get(host)?.lab.destroy();
      mounted.delete(host);
    },
  };
}

// The page's background tells one theme from another.
const paperOf = (root) => getComputedStyle(root).getPropertyValue("--st-background-color");
