// Menus, written as files and imported by the program itself, as a manager does it.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { BINARY, type Comanda } from "./comanda.ts";

export interface WantedProduct {
  name: string;
  price?: string;
  description?: string;
  allergens?: string[];
  picture?: string;
  stations?: string[];
  /** Keys of option groups. */
  optionGroups?: string[];
  quick_notes?: string[];
  translations?: Translations;
}

type Translations = Record<string, { name?: string; description?: string; quick_notes?: string[]; payment_text?: string }>;

export interface WantedMenu {
  shop?: string;
  name?: string;
  currency?: string;
  timeZone?: string;
  maxOpenTickets?: number;
  readyWithLastLine?: boolean;
  /** From when on a ticket asks for attention, and from when on it is late. */
  minutes?: { warn: number; late: number };
  /** As the file has them: logo, cover, brand_color, payment_text, language, translations. */
  face?: Record<string, string | Translations>;
  /** Such as { monday: ["07:00-12:00"] }. */
  hours?: Record<string, string[]>;
  /** Such as { "2026-12-25": [] }. */
  specialDays?: Record<string, string[]>;
  optionGroups?: unknown[];
  /** Products by category. */
  categories?: Record<string, WantedProduct[]>;
}

export const COFFEE: WantedProduct = { name: "Café do dia", price: "5.00", stations: ["bar"] };

export async function importMenu(comanda: Comanda, wanted: WantedMenu): Promise<void> {
  const importing = spawn(BINARY, ["menu", "import", "--url", comanda.origin, "-"], {
    env: { ...process.env, COMANDA_TOKEN: comanda.staffToken, COMANDA_DATA_DIR: `${comanda.folder}/data` },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [importing.stdout, importing.stderr]) stream.on("data", (chunk: Buffer) => (said += chunk.toString()));
  // JSON is YAML.
  importing.stdin.end(JSON.stringify(fileOf(wanted)));
  const [code] = await once(importing, "exit");
  if (code !== 0) throw new Error(`menu import: ${said}`);
}

function fileOf(wanted: WantedMenu): unknown {
  const categories = Object.entries(wanted.categories ?? { Cafés: [COFFEE] });
  return {
    shop: wanted.shop ?? "main",
    name: wanted.name ?? "Café Teste",
    currency: wanted.currency ?? "BRL",
    time_zone: wanted.timeZone ?? "America/Sao_Paulo",
    ...wanted.face,
    ...(wanted.maxOpenTickets && { max_open_tickets: wanted.maxOpenTickets }),
    ...(wanted.minutes && { warn_minutes: wanted.minutes.warn, late_minutes: wanted.minutes.late }),
    ...(wanted.readyWithLastLine && { ready_with_last_line: true }),
    opening_hours: wanted.hours ?? {},
    special_days: Object.entries(wanted.specialDays ?? {}).map(([date, hours]) => ({ date, hours })),
    option_groups: wanted.optionGroups ?? [],
    categories: categories.map(([name, products]) => ({
      key: keyOf(name),
      name,
      products: products.map(({ optionGroups = [], price = "5.00", ...product }) => ({
        key: keyOf(product.name),
        price,
        ...product,
        option_groups: optionGroups,
      })),
    })),
  };
}

const keyOf = (name: string) =>
  name
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-");
