// The releases that this tab has shown. While one replaces another, two gateways may answer by turns: a release that the
// tab comes from is no news.

const KEY = "comanda.releases";

export function seenReleases(): string[] {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((release) => typeof release === "string") : [];
  } catch {
    return [];
  }
}

export function rememberRelease(release: string): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify([...new Set([...seenReleases(), release])].slice(-10)));
  } catch {
    // Then the offer comes again.
  }
}
