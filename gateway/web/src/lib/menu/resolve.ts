// A menu as the pages use it: each product with its option groups at hand. Pure.

import type {
  Category as ToldCategory,
  Menu as ToldMenu,
  OptionGroup,
  Product as ToldProduct,
} from "../../gen/comanda/catalog/v1/menu_pb.ts";

export type Product = ToldProduct & { readonly optionGroups: readonly OptionGroup[] };
export type Category = Omit<ToldCategory, "products"> & { readonly products: readonly Product[] };
export type Menu = Omit<ToldMenu, "categories" | "optionGroups"> & {
  readonly categories: readonly Category[];
  readonly groups: ReadonlyMap<string, OptionGroup>;
  readonly products: ReadonlyMap<string, Product>;
};

/**
 * What is as it was in the menu held so far stays the same object: so a screen with thousands of products draws only
 * those that have changed.
 */
export function resolve(told: ToldMenu, held: Menu | null = null): Menu {
  const { optionGroups, ...rest } = told;
  const groups = new Map<string, OptionGroup>();
  for (const group of optionGroups) {
    const before = held?.groups.get(group.optionGroupId);
    groups.set(group.optionGroupId, before && isEqual(before, group) ? before : group);
  }
  const products = new Map<string, Product>();
  const resolved = (product: ToldProduct): Product => {
    // A group that the menu lacks cannot be chosen from; the server would refuse such a menu.
    const own = product.optionGroupIds.flatMap((id) => groups.get(id) ?? []);
    const before = held?.products.get(product.productId);
    const next: Product = { ...product, optionGroups: own };
    const after = before && isEqual(before, next) ? before : next;
    products.set(product.productId, after);
    return after;
  };
  const categories = told.categories.map((category) => ({ ...category, products: category.products.map(resolved) }));
  const utcOffsets = held && isEqual(held.utcOffsets, told.utcOffsets) ? held.utcOffsets : told.utcOffsets;
  return { ...rest, utcOffsets, categories, groups, products };
}

/** Messages are plain objects, so whatever a later contract adds to them is compared as well. */
function isEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || !a || !b) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && isEqual(Reflect.get(a, key), Reflect.get(b, key)))
  );
}
