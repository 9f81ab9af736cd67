/** A name that sorts by day and can't overwrite another day's. */
export function suggestedPath(folder: string, ending: string, today: Date, what = "history"): string {
  const windows = folder.includes("\\");
  const separator = windows ? "\\" : "/";
  const day = [today.getFullYear(), today.getMonth() + 1, today.getDate()]
    .map((part) => String(part).padStart(2, "0"))
    .join("-");
  const base = folder.endsWith(separator) ? folder : `${folder}${separator}`;
  return `${base}uncouple-${what}-${day}.${ending}`;
}
