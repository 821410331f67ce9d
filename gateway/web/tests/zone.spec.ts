// Times are the shop's: a device that is set to another zone shows what the clock on the shop's wall shows.

import { column, pill, ticket } from "./support/board.ts";
import { place } from "./support/orders.ts";
import { expect, PHONE, TABLET, test } from "./support/test.ts";

/** No hour that São Paulo has at the same time. */
const timezoneId = "Asia/Tokyo";

/** The hour on the wall, as every page of the shop may show it while this test lasts. */
function hours(): RegExp {
  const hour = (ms: number) =>
    new Intl.DateTimeFormat("pt-BR", { hour: "2-digit", timeZone: "America/Sao_Paulo", hourCycle: "h23" }).format(ms).slice(0, 2);
  return new RegExp(`(?:^|\\D)(${hour(Date.now())}|${hour(Date.now() + 600_000)}):\\d\\d`);
}

test("S2: a device in another zone shows the shop's time on every page", async ({ comanda, people }) => {
  const { number, path } = await place(comanda);
  const [board, panel, customer, menu, status] = await Promise.all([
    people.barista({ timezoneId }),
    people.panel({ timezoneId }),
    people.customer(path, { timezoneId }),
    people.customer("/", { timezoneId }),
    people.open(`/status#${comanda.staffToken}`, { viewport: PHONE, timezoneId }),
  ]);
  await ticket(board, number).getByRole("button", { name: "Iniciar" }).tap();
  await ticket(column(board, "Em preparo"), number).getByRole("button", { name: /^Pronto/ }).tap();
  await ticket(column(board, "Pronto"), number).getByRole("button", { name: "Entregar" }).tap();
  await expect(board.getByText(/^Atualizado às/)).toHaveText(hours());
  await board.getByRole("button", { name: "Totais e recentes" }).tap();
  await expect(board.getByRole("region", { name: "Recentes" }).getByRole("listitem")).toHaveText(hours());
  const second = await place(comanda);
  const following = await people.open(second.path, { viewport: TABLET, timezoneId });
  for (const page of [panel, following]) await expect(pill(page)).toHaveText("Ao vivo");
  await expect(customer.locator("[aria-current='step']")).toHaveText("Entregue");
  await expect(menu.getByRole("heading", { name: "Cafés", exact: true })).toBeVisible();
  await expect(status.getByText("Está tudo em ordem")).toBeVisible();

  await comanda.kill();
  for (const page of [panel, following]) await expect(page.getByText("Pode estar desatualizado")).toHaveText(hours());
  await expect(menu.getByText(/^Sem conexão\. O cardápio é de/)).toHaveText(hours());
  await expect(status.getByRole("alert")).toHaveText(hours());
});
