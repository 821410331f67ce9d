// A shop's menu and orders by Fastify and pg: one transaction for an order, with price check and idempotency key.
import Fastify from "fastify";
import pg from "pg";

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 16 });
const app = Fastify();
const prepared = (name, text) => (client, values) => client.query({ name, text, values });
const menu = prepared("menu", "SELECT body, version FROM menu WHERE shop = $1");
const replay = prepared("replay", "SELECT body FROM idempotency WHERE key = $1");
const price = prepared("price", "SELECT price FROM product WHERE id = $1 AND available");
const order = prepared("order", "INSERT INTO orders (id, customer, state, total) VALUES ($1, $2, 'RECEBIDO', $3) RETURNING number");
const line = prepared("line", "INSERT INTO order_line (order_id, position, product_id, quantity, price) VALUES ($1, $2, $3, $4, $5)");
const keep = prepared("keep", "INSERT INTO idempotency (key, body) VALUES ($1, $2)");

app.get("/cardapio", async (_request, reply) => {
  const { rows } = await menu(pool, ["main"]);
  return reply.header("etag", `"${rows[0].version}"`).type("application/json").send(rows[0].body);
});

const end = async (client, reply, body) => {
  await client.query("ROLLBACK");
  client.release();
  return reply.send(body);
};

app.post("/pedido", async (request, reply) => {
  const key = request.headers["idempotency-key"];
  const client = await pool.connect();
  try {
    await client.query("BEGIN");
    const known = await replay(client, [key]);
    if (known.rows.length) return await end(client, reply.code(201), known.rows[0].body);
    const id = crypto.randomUUID();
    const prices = [];
    for (const item of request.body.itens) {
      const found = await price(client, [item.produto_id]);
      if (!found.rows.length) return await end(client, reply.code(409), { motivo: "PRODUCT_SOLD_OUT" });
      prices.push(found.rows[0].price);
    }
    const total = request.body.itens.reduce((sum, item, i) => sum + prices[i] * item.quantidade, 0);
    const { rows } = await order(client, [id, request.body.cliente, total]);
    for (const [i, item] of request.body.itens.entries()) await line(client, [id, i, item.produto_id, item.quantidade, prices[i]]);
    const body = { id, numero: rows[0].number, status: "RECEBIDO", total: { moeda: "BRL", centavos: total }, itens: request.body.itens };
    await keep(client, [key, body]);
    await client.query("COMMIT");
    client.release();
    return reply.code(201).send(body);
  } catch (error) {
    client.release(error);
    throw error;
  }
});

await app.listen({ host: "127.0.0.1", port: Number(process.env.PORT) });
