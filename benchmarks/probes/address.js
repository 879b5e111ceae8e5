// Times how long the address takes to follow a key: to the message that is sent, and to the address.
//
// A sample: { sent, address, search }, both from the key's timeStamp.

(() => {
  let began = 0;
  let sent = 0;
  addEventListener("keydown", (event) => { began = event.timeStamp; sent = 0; }, true);
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (...data) {
    if (began && !sent) sent = performance.now();
    return send.apply(this, data);
  };
  for (const name of ["pushState", "replaceState"]) {
    const original = history[name];
    history[name] = function (...state) {
      const before = location.search;
      const result = original.apply(this, state);
      if (began && sent && location.search !== before) {
        bench.samples.push({ sent: sent - began, address: performance.now() - began, search: location.search });
        began = 0;
      }
      return result;
    };
  }
})();
