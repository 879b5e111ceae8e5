// A lab's settings and those who listen to them: what every lab's store has in common.
//
// Panels read `store.settings`, call `store.set(changes)`, and are told by `subscribe`. It knows no lab.

/** `prepare(settings, store)` returns the settings as they are to be kept; it may work out more and keep it on the store. */
export function createSettingsStore(initial, prepare = (settings) => settings) {
  const listeners = new Set();
  const store = {
    settings: null,
    picture: null, // { name, width, height, rgb: Uint8ClampedArray } once it has arrived
    /** Change some settings; listeners hear (changed field names, store). */
    set(changes) {
      const changed = Object.keys(changes).filter(
        (field) => JSON.stringify(store.settings[field]) !== JSON.stringify(changes[field]),
      );
      if (!changed.length) return;
      store.settings = prepare({ ...store.settings, ...changes }, store);
      listeners.forEach((listener) => listener(changed, store));
    },
    /** Tell listeners that something beside the settings changed, such as "picture". */
    notify(...names) {
      listeners.forEach((listener) => listener(names, store));
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  store.settings = prepare(initial, store);
  return store;
}
