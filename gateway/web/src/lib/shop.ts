// Which shop a page is of: what `?loja=` names, else the only one of a small business.

const MAIN = "main";

export const SHOP = new URLSearchParams(location.search).get("loja")?.trim() || MAIN;

/** The menu of a shop. */
export function menuLink(shop: string = SHOP): string {
  return shopLink("/", shop);
}

/** A page, such as `/barista`, of a shop. */
export function shopLink(path: string, shop: string = SHOP): string {
  return shop === MAIN ? path : `${path}?loja=${encodeURIComponent(shop)}`;
}

/** The key of a value that each shop has apart. The main shop's is the plain one, as devices have known it. */
export function shopKey(key: string, shop: string = SHOP): string {
  return shop === MAIN ? key : `${key}.${shop}`;
}
