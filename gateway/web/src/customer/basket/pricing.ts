// What a choice costs and whether it is allowed. Pure.

import type { OptionGroup } from "../../gen/comanda/catalog/v1/menu_pb.ts";
import type { Amount } from "../../lib/text/money.ts";
import type { Product } from "../../lib/menu/resolve.ts";

/** Of one piece, options included. */
export function unitPrice(product: Product, optionIds: readonly string[]): Amount {
  let minorUnits = product.price?.minorUnits ?? 0n;
  for (const option of chosen(product, optionIds)) minorUnits += option.priceDelta?.minorUnits ?? 0n;
  return { currencyCode: product.price?.currencyCode ?? "", minorUnits };
}

/** The chosen options, in menu order. */
export function chosen(product: Product, optionIds: readonly string[]) {
  return product.optionGroups.flatMap((group) => group.options).filter((option) => optionIds.includes(option.optionId));
}

/** How many choices a group lacks; negative when it has too many. */
export function missing(group: OptionGroup, optionIds: readonly string[]): number {
  const count = group.options.filter((option) => optionIds.includes(option.optionId)).length;
  if (count < group.minChoices) return group.minChoices - count;
  return Math.min(0, group.maxChoices - count);
}

/** True when the menu, as it is now, allows this choice: every option exists, every group is content. */
export function isAllowed(product: Product, optionIds: readonly string[]): boolean {
  return (
    chosen(product, optionIds).length === optionIds.length &&
    product.optionGroups.every((group) => missing(group, optionIds) === 0)
  );
}

/** What the menu offers unless told otherwise; where one option must be chosen and none is offered, the first. */
export function usualChoice(product: Product): string[] {
  return product.optionGroups.flatMap(({ options, minChoices, maxChoices }) => {
    const offered = options.filter((option) => option.chosenByDefault).slice(0, maxChoices);
    const mustBeOne = minChoices === 1 && maxChoices === 1;
    const usual = offered.length === 0 && mustBeOne ? options.slice(0, 1) : offered;
    return usual.map((option) => option.optionId);
  });
}

/** Choices that the menu, as it is now, still has. */
export function stillOffered(product: Product, optionIds: readonly string[]): string[] {
  const offered = new Set(product.optionGroups.flatMap((group) => group.options.map((option) => option.optionId)));
  return optionIds.filter((id) => offered.has(id));
}
