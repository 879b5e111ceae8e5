// Keys on a network's graph, as on a tree: arrows go from node to node, open and close, Enter opens or goes there.
//
// One node can be reached by Tab at a time. It draws nothing.

import { isBlock } from "./network-tree.js";

/** `nodes()` are the seen nodes in order; `act` is { focus(node), toggle(node), choose(node), widen(node), walk(by) }. */
export function onTreeKey(event, node, nodes, open, act) {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const all = nodes();
  const index = all.indexOf(node);
  const isOpen = isBlock(node) && open.has(node.id);
  const keys = {
    ArrowDown: () => act.focus(all[index + 1]),
    ArrowUp: () => act.focus(all[index - 1]),
    Home: () => act.focus(all[0]),
    End: () => act.focus(all.at(-1)),
    ArrowRight: () => (isOpen ? act.focus(all[index + 1]) : isBlock(node) && act.toggle(node)),
    ArrowLeft: () => (isOpen ? act.toggle(node) : act.focus(all.includes(node.parent) ? node.parent : null)),
    Enter: () => (isBlock(node) ? act.toggle(node) : act.choose(node)),
    "+": () => isBlock(node) && !isOpen && act.toggle(node),
    "-": () => (isOpen ? act.toggle(node) : all.includes(node.parent) && act.toggle(node.parent)),
    "*": () => act.widen(node),
    " ": () => act.walk(event.shiftKey ? -1 : 1),
  };
  if (!keys[event.key]) return;
  event.preventDefault();
  event.stopPropagation();
  keys[event.key]();
}
