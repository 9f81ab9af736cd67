/**
 * Reads again what has changed. What is asked for while a reading is under way may not be in it any more, so that one
 * is read again after it, once. It is not cut off: while changes keep coming, no reading would ever end.
 */
export function rereading(read: () => Promise<unknown>): () => void {
  let reading = false;
  let again = false;
  const all = async () => {
    again = true;
    if (reading) return;
    reading = true;
    try {
      while (again) {
        again = false;
        await read();
      }
    } finally {
      reading = false;
    }
  };
  return () => void all();
}
