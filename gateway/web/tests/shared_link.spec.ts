// Who was sent the link of an order sees it, and cannot take it back.

import { PlaceOrderResponseSchema, type PlaceOrderResponse } from "../src/gen/comanda/orders/v1/order_service_pb.ts";
import { messageIn } from "./support/grpc_web.ts";
import { orderOnPage } from "./support/orders.ts";
import { expect, test } from "./support/test.ts";

test("C9: a shared link shows the order without a way to cancel it", async ({ people }) => {
  const mine = await people.customer();
  // The page goes on to the order at once, and its answers go with the menu: so it is read on its way.
  let told: PlaceOrderResponse | undefined;
  await mine.route("**/PlaceOrder", async (route) => {
    const response = await route.fetch();
    told = messageIn(PlaceOrderResponseSchema, await response.body());
    await route.fulfill({ response });
  });
  const number = await orderOnPage(mine, "Ana");
  const { order, viewToken } = told!;
  const theirs = await people.customer(`/acompanhar#${order!.orderId}.${viewToken}`);
  await expect(theirs.locator(".number")).toHaveText(number);
  await expect(theirs.locator("[aria-current='step']")).toHaveText("Recebido");
  await expect(theirs.getByRole("button", { name: "Cancelar pedido" })).toHaveCount(0);

  await mine.getByRole("button", { name: "Cancelar pedido" }).tap();
  await mine.getByRole("button", { name: "Sim, cancelar" }).tap();
  await expect(theirs.getByText("Este pedido foi cancelado.")).toBeVisible();
});
