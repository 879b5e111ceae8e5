// Pictures of learners' own sets: how an address names them, where they are, and what stands beside them.
//
// A picture is `<set>.<class>.<row>`. The page hands over which sets there are; it knows no pixels.

const NAME = /^(own-[0-9a-f]{24})\.(\d{1,2})\.(\d{1,5})$/;
const MOST_SHOWN = 12;

export const isOwn = (name) => NAME.test(name);
export const setOf = (name) => NAME.exec(name)?.[1];
const nameOf = (set, number, row) => `${set}.${number}.${row}`;

/** Returns what is known of own pictures; `folder` is the address of all sets, `sets` [{ name, title, classes: [{ name, count, version }] }]. */
export function createOwn({ folder = "", sets = [] } = {}) {
  const find = (name) => {
    const [, set, number, row] = NAME.exec(name) ?? [];
    const known = sets.find((one) => one.name === set);
    return { set, number: +number, row: +row, known, about: known?.classes[+number] };
  };
  const addressOf = (name, form) => {
    if (!isOwn(name)) return null;
    const { set, number, row, about } = find(name);
    return `${folder}/${set}/${number}/${row}.${form}?v=${about?.version ?? ""}`;
  };
  return {
    sets,
    first: (set) => nameOf(set.name, Math.max(0, set.classes.findIndex(({ count }) => count > 0)), 0),
    picture: (name) => addressOf(name, "png"),
    thumbnail: (name) => addressOf(name, "webp"),
    titleOf: (name) => find(name).about?.name ?? "A picture",
    setTitle: (name) => find(name).known?.title ?? "",
    /** Some pictures of each class of the set that a picture is of, the chosen one among them. */
    shown(name) {
      const { known } = find(name);
      if (!known) return [];
      const each = Math.max(1, Math.floor(MOST_SHOWN / known.classes.length));
      const names = known.classes.flatMap(({ count }, number) => Array.from({ length: Math.min(each, count) }, (_, row) => nameOf(known.name, number, row)));
      return names.includes(name) || !find(name).about ? names : [name, ...names];
    },
    /** The picture that mixup lays over this one: one of the next class that has any. */
    partnerOf(name) {
      const { known, number, row } = find(name);
      const classes = known?.classes ?? [];
      for (let step = 1; step < classes.length; step += 1) {
        const next = (number + step) % classes.length;
        if (classes[next].count) return nameOf(known.name, next, Math.min(row, classes[next].count - 1));
      }
      return name;
    },
  };
}
