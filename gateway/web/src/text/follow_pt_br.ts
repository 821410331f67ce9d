// What the page of one order says, in Brazilian Portuguese: apart, so that the menu comes sooner.

export const followPtBR = {
  heading: "Pedido",
  loading: "Procurando o seu pedido…",
  failed: "Não dá para mostrar este pedido",
  brokenLink: "Este link está incompleto. Abra o link do seu pedido outra vez.",
  lines: "O que você pediu",
  progress: "Andamento do pedido",
  hint: {
    received: "A cozinha já vai começar.",
    preparing: "Estamos preparando o seu pedido.",
    ready: "Pode retirar no balcão.",
    readyAtTable: "Já vamos levar à sua mesa.",
    collected: "Bom proveito!",
    cancelled: "Este pedido foi cancelado.",
  },
  reason: (reason: string) => `Motivo: ${reason}`,
  table: (table: string) => `Mesa ${table}`,
  cancel: "Cancelar pedido",
  cancelQuestion: "Cancelar este pedido?",
  cancelExplanation: "Isso só é possível enquanto o preparo não começou.",
  cancelYes: "Sim, cancelar",
  cancelNo: "Não, manter",
  cancelling: "Cancelando…",
  cancelReason: "Desistência do cliente",
  again: "Fazer outro pedido",
  pageTitle: (number: string, state: string) => `${number} · ${state}`,
};

export type FollowText = typeof followPtBR;
