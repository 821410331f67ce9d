// A menu as the pages use it: each product with its option groups at hand. Pure.

import { equals } from "@bufbuild/protobuf";
import {
  OptionGroupSchema,
  ProductSchema,
  type Category as ToldCategory,
  type Menu as ToldMenu,
  type OptionGroup,
  type Product as ToldProduct,
} from "../gen/comanda/catalog/v1/menu_pb.ts";

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
    groups.set(group.optionGroupId, before && equals(OptionGroupSchema, before, group) ? before : group);
  }
  const products = new Map<string, Product>();
  const resolved = (product: ToldProduct): Product => {
    // A group that the menu lacks cannot be chosen from; the server would refuse such a menu.
    const own = product.optionGroupIds.flatMap((id) => groups.get(id) ?? []);
    const before = held?.products.get(product.productId);
    const after = before && isSame(before, product, own) ? before : { ...product, optionGroups: own };
    products.set(product.productId, after);
    return after;
  };
  const categories = told.categories.map((category) => ({ ...category, products: category.products.map(resolved) }));
  return { ...rest, categories, groups, products };
}

function isSame(before: Product, told: ToldProduct, groups: readonly OptionGroup[]): boolean {
  return (
    before.optionGroups.length === groups.length &&
    before.optionGroups.every((group, at) => group === groups[at]) &&
    equals(ProductSchema, before, told)
  );
}
