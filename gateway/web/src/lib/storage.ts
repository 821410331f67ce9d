// localStorage, for pages that must also work where it is full or forbidden: then values live as long as the page.

const fallback = new Map<string, string>();

export function read(key: string): string | null {
  try {
    return localStorage.getItem(key) ?? fallback.get(key) ?? null;
  } catch {
    return fallback.get(key) ?? null;
  }
}

export function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
    fallback.delete(key);
  } catch {
    fallback.set(key, value);
  }
}

export function remove(key: string): void {
  fallback.delete(key);
  try {
    localStorage.removeItem(key);
  } catch {
    // Forbidden: then nothing was stored there.
  }
}

/** Calls back when another tab changed a value. */
export function onForeignChange(key: string, changed: () => void): void {
  addEventListener("storage", (event) => {
    if (event.key === key || event.key === null) changed();
  });
}
