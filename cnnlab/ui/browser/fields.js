// How a setting is written in an address and read from it: the forms that labs build their tables of fields from.
//
// A table is { field: [name in the address, default, form] }; a form is { read(text) → value or undefined, write(value),
// hint }. It knows no lab.

export const whole = (low, high) => ({
  read: (text) => (/^-?\d{1,6}$/.test(text) && +text >= low && +text <= high ? +text : undefined),
  write: String,
  hint: `a whole number from ${low} to ${high}`,
});
export const pair = (low, high) => ({
  read: (text) => {
    const parts = text.split("x").map((part) => whole(low, high).read(part));
    if (parts.some((part) => part === undefined) || parts.length > 2) return undefined;
    return parts.length === 1 ? [parts[0], parts[0]] : parts;
  },
  write: (value) => (value[0] === value[1] ? String(value[0]) : value.join("x")),
  hint: `whole numbers from ${low} to ${high}, such as 3 or 3x1`,
});
export const choice = (options) => ({
  read: (text) => (options.includes(text) ? text : undefined),
  write: String,
  hint: `one of ${options.join(", ")}`,
});
export const flag = {
  read: (text) => ({ 1: true, 0: false })[text],
  write: (value) => (value ? "1" : "0"),
  hint: "0 or 1",
};
export const list = (options) => ({
  read: (text) => {
    const names = text ? text.split(",") : [];
    return names.every((name) => options.includes(name)) ? names : undefined;
  },
  write: (value) => value.join(","),
  hint: `a list of ${options.join(", ")}`,
});
export const text = (pattern, hint) => ({ read: (value) => (pattern.test(value) ? value : undefined), write: String, hint });
export const orNone = (field) => ({
  read: (value) => (value === "" ? null : field.read(value)),
  write: (value) => (value === null ? "" : field.write(value)),
  hint: field.hint,
});

/** The defaults of a table of fields. */
export const defaultsOf = (fields) => Object.freeze(Object.fromEntries(Object.entries(fields).map(([field, [, value]]) => [field, value])));

/**
 * Read settings from an address's parameters → { settings, problems: [sentence] }. A value that cannot be read is left
 * at its default and named in `problems`; unknown names are ignored.
 */
export function readFields(fields, parameters) {
  const settings = { ...defaultsOf(fields) };
  const problems = [];
  for (const [field, [name, initial, form]] of Object.entries(fields)) {
    if (parameters[name] === undefined) continue;
    const value = form.read(String(parameters[name]));
    if (value !== undefined) settings[field] = value;
    else problems.push(`The link says “${name}=${String(parameters[name]).slice(0, 40)}”, which is not ${form.hint}; the lab uses “${form.write(initial)}” instead.`);
  }
  return { settings, problems };
}

/** Write settings as the parameters of an address; defaults are left out. */
export function writeFields(fields, settings) {
  const parameters = {};
  for (const [field, [name, initial, form]] of Object.entries(fields)) {
    const written = form.write(settings[field]);
    if (written !== form.write(initial)) parameters[name] = written;
  }
  return parameters;
}
